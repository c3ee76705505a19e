import { Kind, parse } from 'graphql';
import type { ConstDirectiveNode, FieldDefinitionNode, GraphQLSchema } from 'graphql';
import { isInterfaceType, isObjectType } from 'graphql';
import type { SubgraphModel } from './world.ts';

/** Where a field of the API schema comes from. */
export type Owner = {
  subgraph: string;
  /** The type as that subgraph calls it: an interface object has one name for many types. */
  type: string;
  field: string;
  /** Whether it may misbehave without a doubt about who answers for it: no key, not provided. */
  isFaultable: boolean;
  /** Other subgraphs compute with it, so that its value must stay one of its type. */
  isRequired: boolean;
};

/** The only owner of each field that has one, by `Type.field` of the API schema's object types. */
export function ownersOf(
  models: readonly SubgraphModel[],
  apiSchema: GraphQLSchema,
): ReadonlyMap<string, Owner> {
  const declared = models.flatMap((model) => declaredFields(model, apiSchema));
  const taken = declared.flatMap(({ field, subgraph, types }) =>
    argumentsOf(field, 'override').flatMap((from) =>
      types.map((type) => ({ from, by: subgraph, coordinate: `${type}.${field.name.value}` })),
    ),
  );
  const special = specialFields(declared);
  const owners = new Map<string, Owner>();
  const shared = new Set<string>();
  for (const { subgraph, type, types, field } of declared) {
    if (hasDirective(field, 'external')) continue;
    for (const concrete of types) {
      const coordinate = `${concrete}.${field.name.value}`;
      if (taken.some((it) => it.coordinate === coordinate && it.from === subgraph)) continue;
      if (owners.has(coordinate)) shared.add(coordinate);
      owners.set(coordinate, {
        subgraph,
        type,
        field: field.name.value,
        isFaultable: !special.fixed.has(coordinate),
        isRequired: special.required.has(coordinate),
      });
    }
  }
  for (const coordinate of shared) owners.delete(coordinate);
  return owners;
}

type Declared = {
  subgraph: string;
  type: string;
  /** The object types of the API schema that have the field. */
  types: string[];
  keys: string[];
  field: FieldDefinitionNode;
};

function declaredFields({ name, typeDefs }: SubgraphModel, apiSchema: GraphQLSchema): Declared[] {
  return parse(typeDefs).definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
    const type = definition.name.value;
    const declared = apiSchema.getType(type);
    const types = isInterfaceType(declared)
      ? apiSchema.getPossibleTypes(declared).map((possible) => possible.name)
      : isObjectType(declared)
        ? [type]
        : [];
    const keys = argumentsOf(definition, 'key').flatMap(topLevelNames);
    return (definition.fields ?? []).map((field) => ({ subgraph: name, type, types, keys, field }));
  });
}

function specialFields(declared: readonly Declared[]) {
  const fixed = new Set<string>();
  const required = new Set<string>();
  for (const { types, keys, field } of declared) {
    for (const type of types) {
      if (keys.includes(field.name.value)) fixed.add(`${type}.${field.name.value}`);
      for (const name of argumentsOf(field, 'requires').flatMap(topLevelNames)) {
        required.add(`${type}.${name}`);
      }
    }
    for (const name of argumentsOf(field, 'provides').flatMap(topLevelNames)) {
      fixed.add(`${namedType(field)}.${name}`);
    }
  }
  return { fixed, required };
}

type Directed = { directives?: readonly ConstDirectiveNode[] };

function hasDirective({ directives = [] }: Directed, name: string): boolean {
  return directives.some((directive) => directive.name.value === name);
}

/** The first argument of each use of a directive. */
function argumentsOf({ directives = [] }: Directed, name: string): string[] {
  return directives
    .filter((directive) => directive.name.value === name)
    .flatMap(({ arguments: given = [] }) => {
      const value = given[0]?.value;
      return value?.kind === Kind.STRING ? [value.value] : [];
    });
}

function topLevelNames(fieldSet: string): string[] {
  const [definition] = parse(`{ ${fieldSet} }`).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return [];
  return definition.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection.name.value] : [],
  );
}

function namedType({ type }: FieldDefinitionNode): string {
  let named = type;
  while (named.kind !== Kind.NAMED_TYPE) named = named.type;
  return named.name.value;
}
