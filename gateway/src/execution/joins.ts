import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, parse } from 'graphql';
import type { ConstDirectiveNode, DocumentNode, SelectionSetNode } from 'graphql';

type Field = Extract<QueryPlanSelectionNode, { kind: 'Field' }>;

/** How the subgraphs of a supergraph are joined, as plans write it. `coordinate` is `Type.field`. */
export type Joins = {
  /** Whether some field requires one that requires something itself. */
  hasChains: boolean;
  /** What a field requires in a subgraph; null: nothing. */
  requiredBy(coordinate: string, subgraph: string): readonly Field[] | null;
  /** The keys by which a subgraph finds entities of a type. */
  keysOf(typeName: string, subgraph: string): readonly (readonly Field[])[];
  /** What a subgraph calls the type of a field; null: the same as the supergraph. */
  typeOf(coordinate: string, subgraph: string): string | null;
};

/** Reads the directives of composition in a supergraph. */
export function joinsIn({ definitions }: DocumentNode): Joins {
  const graphs = graphNames(definitions);
  const required = new Map<string, readonly Field[]>();
  const keys = new Map<string, (readonly Field[])[]>();
  const types = new Map<string, string>();
  const nameOf = (directive: ConstDirectiveNode): string =>
    graphs.get(textOf(directive, 'graph') ?? '') ?? '';
  for (const definition of definitions) {
    if (
      definition.kind !== Kind.OBJECT_TYPE_DEFINITION &&
      definition.kind !== Kind.INTERFACE_TYPE_DEFINITION
    ) {
      continue;
    }
    const type = definition.name.value;
    for (const directive of named(definition.directives, 'join__type')) {
      const key = textOf(directive, 'key');
      if (key === null || textOf(directive, 'resolvable') === 'false') continue;
      const place = `${type} ${nameOf(directive)}`;
      keys.set(place, [...(keys.get(place) ?? []), fieldsOf(key)]);
    }
    for (const { name, directives } of definition.fields ?? []) {
      for (const directive of named(directives, 'join__field')) {
        const place = `${type}.${name.value} ${nameOf(directive)}`;
        const text = textOf(directive, 'requires');
        if (text !== null) required.set(place, fieldsOf(text));
        const own = textOf(directive, 'type');
        if (own !== null) types.set(place, own.replaceAll(/[[\]!]/g, ''));
      }
    }
  }
  const requiring = new Set(
    [...required.keys()].map((place) => place.replace(/^.*\.(\w+) .*$/, '$1')),
  );
  const isChained = (fields: readonly QueryPlanSelectionNode[]): boolean =>
    fields.some(
      (it) => (it.kind === 'Field' && requiring.has(it.name)) || isChained(it.selections ?? []),
    );
  return {
    hasChains: [...required.values()].some(isChained),
    requiredBy: (coordinate, subgraph) => required.get(`${coordinate} ${subgraph}`) ?? null,
    keysOf: (typeName, subgraph) => keys.get(`${typeName} ${subgraph}`) ?? [],
    typeOf: (coordinate, subgraph) => types.get(`${coordinate} ${subgraph}`) ?? null,
  };
}

/** What the subgraphs are called in plans, by their names in directives. */
function graphNames(definitions: DocumentNode['definitions']): ReadonlyMap<string, string> {
  const graphs = new Map<string, string>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') {
      continue;
    }
    for (const { name, directives = [] } of definition.values ?? []) {
      const [called] = directives.flatMap((it) => textOf(it, 'name') ?? []);
      graphs.set(name.value, called ?? name.value);
    }
  }
  return graphs;
}

function named(directives: readonly ConstDirectiveNode[] = [], name: string) {
  return directives.filter((directive) => directive.name.value === name);
}

function textOf({ arguments: given = [] }: ConstDirectiveNode, name: string): string | null {
  const value = given.find((argument) => argument.name.value === name)?.value;
  return value !== undefined && 'value' in value ? String(value.value) : null;
}

function fieldsOf(text: string): Field[] {
  const [definition] = parse(`{ ${text} }`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return [];
  return selectionsOf(definition.selectionSet).filter((it) => it.kind === 'Field');
}

function selectionsOf({ selections }: SelectionSetNode): QueryPlanSelectionNode[] {
  return selections.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value;
      return [
        {
          kind: 'InlineFragment',
          ...(condition === undefined ? {} : { typeCondition: condition }),
          selections: selectionsOf(selection.selectionSet),
        },
      ];
    }
    const within = selection.selectionSet
      ? { selections: selectionsOf(selection.selectionSet) }
      : {};
    return [{ kind: 'Field', name: selection.name.value, ...within }];
  });
}
