import { Kind, parse } from 'graphql';
import type { FragmentDefinitionNode, SelectionSetNode } from 'graphql';
import type { FetchNode } from '@apollo/query-planner';
import { fetchSelection } from './fetch-selection.ts';
import type { FetchSelection, TypedSelection } from './fetch-selection.ts';
import { renamesOf } from './renames.ts';
import type { Schemas } from './schemas.ts';
import type { Place } from './targets.ts';

/** A fetch of a plan, understood: what it reads, where that goes, and what it needs for it. */
export type FetchPlan = {
  node: FetchNode;
  /** More than one when equal fetches for several places were put together. */
  places: readonly Place[];
  selection: FetchSelection;
  isEntityFetch: boolean;
  /** The fields at the root of the answer, by their internal names. */
  rootKeys: readonly string[];
};

/** Reads one fetch of a plan. `fetch` is its number. */
export function planFetch(
  node: FetchNode,
  { place, schemas, fetch }: { place: Place; schemas: Schemas; fetch: number },
): FetchPlan {
  const { definitions } = parse(node.operation, { noLocation: true });
  const fragments = new Map<string, FragmentDefinitionNode>();
  let root: SelectionSetNode | undefined;
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) root = definition.selectionSet;
  }
  if (!root) throw new Error('A fetch has an operation');
  const isEntityFetch = node.requires !== undefined;
  const selections = isEntityFetch ? entitySelections(root) : [rootSelection(root, node, schemas)];
  const renames = renamesOf(node, schemas);
  const parts = { schemas, fragments, fetch };
  const selection = fetchSelection(selections, { space: place.space, renames }, parts);
  const rootKeys = selection.fields.flatMap(({ slot }) => (slot ? [slot.slice(1)] : []));
  return { node, places: [place], selection, isEntityFetch, rootKeys };
}

/**
 * Puts equal fetches of one step together: same subgraph, same document but for its name, and
 * everything of it in the same slots. Each subgraph is then asked once.
 */
export function withoutEqualFetches(fetches: readonly FetchPlan[]): FetchPlan[] {
  return [...Map.groupBy(fetches, identityOf).values()].flatMap((same) => {
    const [first] = same;
    return first ? [{ ...first, places: same.flatMap(({ places }) => places) }] : [];
  });
}

function identityOf({ node, selection, isEntityFetch, places }: FetchPlan): string {
  const { serviceName, operation, requires, inputRewrites, variableUsages } = node;
  // Only entities of several places can be asked for at once.
  const place = isEntityFetch ? null : places.map(({ path }) => path);
  const document = operation.replace(/^(query|mutation|subscription) ?\w*/, '$1');
  const slots = slotsIn(selection);
  return JSON.stringify([
    serviceName,
    document,
    requires,
    inputRewrites,
    variableUsages,
    slots,
    place,
  ]);
}

type Slots = [slot: string | null, within: Slots[] | null];

function slotsIn({ fields }: FetchSelection): Slots[] {
  return fields.map(({ slot, selection }) => [slot, selection && slotsIn(selection)]);
}

function entitySelections(root: SelectionSetNode): TypedSelection[] {
  return root.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD && selection.selectionSet
      ? [{ node: selection.selectionSet, typeName: null }]
      : [],
  );
}

function rootSelection(
  node: SelectionSetNode,
  { operationKind }: FetchNode,
  { supergraph }: Schemas,
) {
  return { node, typeName: supergraph.getRootType(operationKind)?.name ?? null };
}
