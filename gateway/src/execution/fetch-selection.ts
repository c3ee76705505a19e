import { Kind, getNamedType, isLeafType, isObjectType } from 'graphql';
import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLLeafType,
  GraphQLOutputType,
  SelectionSetNode,
} from 'graphql';
import type { Slot } from './answer-node.ts';
import { leafKindOf } from './leaf.ts';
import type { LeafKind } from './leaf.ts';
import { inBoth } from './name-sets.ts';
import { renamesAt, renamesWithin } from './renames.ts';
import type { Rename } from './renames.ts';
import { fieldOf, typeNameIn, typeNamesOf } from './schemas.ts';
import type { Schemas } from './schemas.ts';
import { slotOf } from './slots.ts';
import type { SlotSpace } from './slots.ts';

/** What a subgraph is asked for at one place, in the order in which it is to answer. */
export type FetchSelection = {
  /** The type, as far as it is known without asking. */
  typeName: string | null;
  /** Whether nobody asks for the type, since the subgraph has it as an object and others do not. */
  isNarrow: boolean;
  fields: readonly FetchField[];
};

/** One field of it. */
export type FetchField = {
  /** Its key in the subgraph's answer. */
  key: string;
  /** Where its value goes; null for `__typename`. */
  slot: Slot | null;
  type: GraphQLOutputType | null;
  /** The names of the types that have it; null: every object here has it. */
  types: ReadonlySet<string> | null;
  leaf: LeafKind | null;
  selection: FetchSelection | null;
};

/** What is needed to read a fetch's document. */
export type FetchSelectionParts = {
  schemas: Schemas;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The number of the fetch, and whom it asks. */
  fetch: number;
  subgraph: string;
};

/** A selection set of a fetch, and the type that it is of; null: only fragments tell. */
export type TypedSelection = { node: SelectionSetNode; typeName: string | null };

type Place = { space: SlotSpace; renames: readonly Rename[]; isNarrow?: boolean };

/** Opens a fetch's selections, and finds the slot of each field. */
export function fetchSelection(
  nodes: readonly TypedSelection[],
  place: Place,
  parts: FetchSelectionParts,
): FetchSelection {
  const found = new Map<string, Occurrence[]>();
  for (const occurrence of occurrencesIn(nodes, parts)) {
    const { node, field, types } = occurrence;
    const to = renamesAt(place.renames, { key: field.key, types });
    const slot = node.name.value === '__typename' ? null : slotOf(to);
    const key = `${field.key} ${slot} ${slot && kindOf(occurrence, parts)}`;
    found.set(key, [...(found.get(key) ?? []), { ...occurrence, slot }]);
  }
  const names = new Set(nodes.map(({ typeName }) => typeName));
  return {
    typeName: names.size === 1 ? ([...names][0] ?? null) : null,
    isNarrow: place.isNarrow ?? false,
    fields: [...found.values()].map((same) => fetchField(same, place, parts)),
  };
}

type Occurrence = {
  node: FieldNode;
  typeName: string;
  field: { key: string; name: string };
  types: ReadonlySet<string> | null;
  slot: Slot | null;
};

function occurrencesIn(
  nodes: readonly TypedSelection[],
  { schemas, fragments }: FetchSelectionParts,
): Occurrence[] {
  const occurrences: Occurrence[] = [];
  const collect = (
    node: SelectionSetNode,
    parent: string | null,
    types: ReadonlySet<string> | null,
  ): void => {
    for (const selection of node.selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        const key = selection.alias?.value ?? name;
        const field = { key, name };
        occurrences.push({ node: selection, typeName: parent ?? '', field, types, slot: null });
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      if (!fragment) throw new Error('A fetch has no fragment of this name');
      const condition = fragment.typeCondition?.name.value ?? parent;
      const isSame = condition === parent || condition === null;
      const named = isSame ? types : narrowed(types, typeNamesOf(schemas, condition));
      collect(fragment.selectionSet, condition, named);
    }
  };
  for (const { node, typeName } of nodes) collect(node, typeName, null);
  return occurrences;
}

function narrowed(
  types: ReadonlySet<string> | null,
  names: ReadonlySet<string>,
): ReadonlySet<string> {
  return types === null ? names : inBoth(types, names);
}

function fetchField(
  same: readonly Occurrence[],
  place: Place,
  parts: FetchSelectionParts,
): FetchField {
  const [first] = same;
  if (!first) throw new Error('A field occurs at least once');
  const { slot, field } = first;
  const isEverywhere = same.some(({ types }) => types === null);
  const types = isEverywhere
    ? null
    : new Set(same.flatMap(({ types: names }) => [...(names ?? [])]));
  const base = { key: field.key, slot, types };
  if (slot === null) return { ...base, type: null, leaf: null, selection: null };
  place.space.addTypes(slot, types);
  const type = typeOf(first, parts);
  const named = getNamedType(type);
  if (isLeafType(named)) return { ...base, type, leaf: leafKind(named, parts), selection: null };
  place.space.addSource(slot, parts.fetch);
  const nodes = same.flatMap((occurrence) => {
    const { selectionSet: node } = occurrence.node;
    return node ? [{ node, typeName: objectTypeOf(occurrence, parts) }] : [];
  });
  const within = {
    space: place.space.within(slot),
    renames: renamesWithin(place.renames, field.key),
    isNarrow: isNarrow(first, parts),
  };
  return { ...base, type, leaf: null, selection: fetchSelection(nodes, within, parts) };
}

function typeOf({ typeName, field }: Occurrence, { schemas }: FetchSelectionParts) {
  return fieldOf(schemas, { typeName, field: field.name }).type;
}

/** Objects of one key are read together, but for those of other types than the supergraph has. */
function kindOf(occurrence: Occurrence, parts: FetchSelectionParts): string {
  // Leaves have to be what their type says.
  if (!occurrence.node.selectionSet) return String(typeOf(occurrence, parts));
  return isNarrow(occurrence, parts) ? objectTypeOf(occurrence, parts) : '';
}

function objectTypeOf(
  { typeName, field }: Occurrence,
  { schemas, subgraph }: FetchSelectionParts,
): string {
  return typeNameIn(schemas, { typeName, field: field.name, subgraph });
}

function isNarrow(occurrence: Occurrence, parts: FetchSelectionParts): boolean {
  const { supergraph } = parts.schemas;
  const own = objectTypeOf(occurrence, parts);
  const isOther = own !== getNamedType(typeOf(occurrence, parts)).name;
  return isOther && isObjectType(supergraph.getType(own));
}

/** Values of an enum that clients may not see are none. */
function leafKind(type: GraphQLLeafType, { schemas }: FetchSelectionParts): LeafKind {
  const seen = schemas.api.getType(type.name);
  return leafKindOf(isLeafType(seen) ? seen : type);
}
