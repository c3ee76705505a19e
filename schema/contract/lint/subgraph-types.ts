import { Kind, parse } from 'graphql';
import type {
  ConstDirectiveNode,
  FieldDefinitionNode,
  InterfaceTypeDefinitionNode,
  ObjectTypeDefinitionNode,
  TypeNode,
  UnionTypeDefinitionNode,
} from 'graphql';
import type { SubgraphSource } from '../composition.ts';

/** A subgraph's types as written, for rules that look at the SDL rather than at the supergraph. */
export type SubgraphTypes = {
  name: string;
  sdl: string;
  types: readonly FieldedType[];
  unions: readonly UnionTypeDefinitionNode[];
};

/** An object or interface type. */
export type FieldedType = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** A rule of the lint: one line for each fault. */
export type LintRule = (subgraphs: readonly SubgraphTypes[]) => string[];

/** Parses the sources for the rules. */
export function subgraphTypes(sources: readonly SubgraphSource[]): SubgraphTypes[] {
  return sources.map(({ name, sdl }) => {
    const { definitions } = parse(sdl);
    return {
      name,
      sdl,
      types: definitions.filter(
        (node) =>
          node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION,
      ),
      unions: definitions.filter((node) => node.kind === Kind.UNION_TYPE_DEFINITION),
    };
  });
}

/** Every field of every type, with where it stands. */
export function* fieldsOf(
  subgraph: SubgraphTypes,
): Generator<{ type: FieldedType; field: FieldDefinitionNode; at: string }> {
  for (const type of subgraph.types) {
    for (const field of type.fields ?? []) {
      yield { type, field, at: `${subgraph.name}: ${type.name.value}.${field.name.value}` };
    }
  }
}

/** The directive of that name on a type or field, if any. */
export function directiveOf(
  node: { directives?: readonly ConstDirectiveNode[] | undefined },
  name: string,
): ConstDirectiveNode | undefined {
  return node.directives?.find((directive) => directive.name.value === name);
}

/** The strings of a directive's list argument; empty when it has none. */
export function stringsOf(directive: ConstDirectiveNode | undefined, argument: string): string[] {
  const value = directive?.arguments?.find(({ name }) => name.value === argument)?.value;
  if (value?.kind !== Kind.LIST) return [];
  return value.values.flatMap((entry) => (entry.kind === Kind.STRING ? [entry.value] : []));
}

/** Name of a type without its lists and bangs. */
export function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

/** True for `[T]`, `[T]!` and so on. */
export function isList(type: TypeNode): boolean {
  if (type.kind === Kind.NON_NULL_TYPE) return isList(type.type);
  return type.kind === Kind.LIST_TYPE;
}
