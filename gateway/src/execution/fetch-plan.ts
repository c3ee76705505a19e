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
  /** Equal for fetches that ask the same, wherever that goes. */
  identity: string;
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
  const parts = { schemas, fragments, fetch, subgraph: node.serviceName };
  const selection = fetchSelection(selections, { space: place.space, renames }, parts);
  const rootKeys = selection.fields.flatMap(({ slot }) => (slot ? [slot.slice(1)] : []));
  const identity = identityOf(node, selection);
  return { node, places: [place], selection, isEntityFetch, rootKeys, identity };
}

/**
 * Puts equal fetches of one step together, so that each subgraph is asked once. Fetches of the root
 * are only equal where they go to the same place.
 */
export function withoutEqualFetches(fetches: readonly FetchPlan[]): FetchPlan[] {
  const groups = Map.groupBy(fetches, ({ identity, isEntityFetch, places }) =>
    isEntityFetch ? identity : JSON.stringify([identity, places.map(({ path }) => path)]),
  );
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const places = first.isEntityFetch ? same.flatMap((fetch) => fetch.places) : first.places;
    return [{ ...first, places }];
  });
}

/** Subgraph, document but for its name, and everything of it in the same slots. */
function identityOf(node: FetchNode, selection: FetchSelection): string {
  const { serviceName, operation, requires, inputRewrites, variableUsages } = node;
  const document = operation.replace(/^(query|mutation|subscription) ?\w*/, '$1');
  const slots = slotsIn(selection);
  return JSON.stringify([serviceName, document, requires, inputRewrites, variableUsages, slots]);
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
