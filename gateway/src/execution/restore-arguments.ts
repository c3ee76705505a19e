import type { FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, parse, print, stripIgnoredCharacters, visit } from 'graphql';
import type { DocumentNode, FieldNode, SelectionSetNode } from 'graphql';
import { placeOf } from './required-arguments.ts';
import type { RequiredArguments } from './required-arguments.ts';

/** A field of a representation. It is found by its alias or name, and sent as `sentAs` says. */
export type RequiredSelection = Extract<QueryPlanSelectionNode, { kind: 'Field' }> & {
  sentAs?: string;
};

/**
 * Puts a plan over stand-ins right: fetches ask for the fields themselves, with their arguments, and
 * representations carry them under their own names. Where a fetch needs one field twice, with
 * different arguments, it becomes two.
 */
export function restoreArguments(plan: QueryPlan, required: RequiredArguments): QueryPlan {
  const { node } = plan;
  if (required.fields.size === 0 || !node) return plan;
  if (node.kind !== 'Subscription') return { ...plan, node: restoreNode(node, required) };
  const primary = restoreFetch(node.primary, required);
  const rest = node.rest && restoreNode(node.rest, required);
  return { ...plan, node: { ...node, primary, ...(rest ? { rest } : {}) } };
}

function restoreNode(node: PlanNode, required: RequiredArguments): PlanNode {
  switch (node.kind) {
    case 'Fetch': {
      const fetches = withoutConflicts(node, required).map((it) => restoreFetch(it, required));
      const [only] = fetches;
      return only && fetches.length === 1 ? only : { kind: 'Parallel', nodes: fetches };
    }
    case 'Flatten':
      return { ...node, node: restoreNode(node.node, required) };
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map((child) => restoreNode(child, required)) };
    case 'Condition':
    case 'Defer':
      // Conditions are decided before, and @defer is refused after: both never come this far.
      return node;
  }
}

function restoreFetch(fetch: FetchNode, required: RequiredArguments): FetchNode {
  const { fields } = required;
  const requires = fetch.requires?.map((node) => restoreRequirement(node, required));
  const restored = { ...fetch, ...(requires ? { requires } : {}) };
  if (![...fields.keys()].some((name) => fetch.operation.includes(name))) return restored;
  const document = visit(parse(fetch.operation, { noLocation: true }), {
    Field(node) {
      const field = fields.get(node.name.value);
      if (!field) return undefined;
      const alias = node.alias ?? node.name;
      const name = { kind: Kind.NAME, value: field.name } as const;
      return { ...node, alias, name, arguments: field.arguments };
    },
  });
  return { ...restored, ...operationOf(document) };
}

function operationOf(
  document: DocumentNode,
): Pick<FetchNode, 'operation' | 'operationDocumentNode'> {
  return { operation: stripIgnoredCharacters(print(document)), operationDocumentNode: document };
}

function restoreRequirement(
  node: QueryPlanSelectionNode,
  required: RequiredArguments,
): QueryPlanSelectionNode {
  if (node.kind === 'InlineFragment') {
    const selections = node.selections.map((child) => restoreRequirement(child, required));
    return { ...node, selections };
  }
  const selections = node.selections?.map((child) => restoreRequirement(child, required));
  const within = { ...node, ...(selections ? { selections } : {}) };
  const field = required.fields.get(node.name);
  if (!field) return within;
  const restored: RequiredSelection = {
    ...within,
    name: field.name,
    alias: node.alias ?? node.name,
    sentAs: field.name,
  };
  return restored;
}

/** One fetch, or as many as are needed so that none needs a field with two sets of arguments. */
function withoutConflicts(fetch: FetchNode, required: RequiredArguments): FetchNode[] {
  if (isFitting(placesOf(fetch.requires ?? [], { place: '', required }), required)) return [fetch];
  const document = parse(fetch.operation, { noLocation: true });
  const groups: Group[] = [];
  for (const { node, typeName } of entityFields(document)) {
    const needed = required.needs.get(`${typeName}.${node.name.value}`) ?? new Set<string>();
    const fitting = groups.find(({ places }) => isFitting([...places, ...needed], required));
    const group = fitting ?? { fields: new Set(), places: new Set() };
    if (!fitting) groups.push(group);
    group.fields.add(node);
    for (const place of needed) group.places.add(place);
  }
  return groups.map((group) => partOf(fetch, { document, ...group, required }));
}

/** Fields of one fetch, and the places of the stand-ins that they need. */
type Group = { fields: Set<FieldNode>; places: Set<string> };

/** Whether no two stand-ins would be one field of a representation. */
function isFitting(places: readonly string[], { fields }: RequiredArguments): boolean {
  const distinct = new Set(places);
  const sentAs = [...distinct].map((place) =>
    place
      .split('/')
      .map((key) => fields.get(key)?.name ?? key)
      .join('/'),
  );
  return new Set(sentAs).size === distinct.size;
}

type Within = { place: string; required: RequiredArguments };

function placesOf(nodes: readonly QueryPlanSelectionNode[], { place, required }: Within): string[] {
  return nodes.flatMap((node): string[] => {
    if (node.kind === 'InlineFragment') return placesOf(node.selections, { place, required });
    const own = placeOf(place, node.name);
    const within = placesOf(node.selections ?? [], { place: own, required });
    return required.fields.has(node.name) ? [own, ...within] : within;
  });
}

/** The fields that are asked for of entities, with the type that they are asked for of. */
function entityFields(document: DocumentNode): { node: FieldNode; typeName: string }[] {
  const collect = (
    set: SelectionSetNode,
    typeName: string,
  ): { node: FieldNode; typeName: string }[] =>
    set.selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [{ node: selection, typeName }];
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
      const condition = selection.typeCondition?.name.value ?? typeName;
      return collect(selection.selectionSet, condition);
    });
  return entitySets(document).flatMap((set) => collect(set, ''));
}

function entitySets({ definitions }: DocumentNode): SelectionSetNode[] {
  return definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? definition.selectionSet.selections.flatMap((selection) =>
          selection.kind === Kind.FIELD && selection.selectionSet ? [selection.selectionSet] : [],
        )
      : [],
  );
}

type Part = Group & { document: DocumentNode; required: RequiredArguments };

/** The fetch with some of its fields only, and what these need. */
function partOf(fetch: FetchNode, { document, fields, places, required }: Part): FetchNode {
  const others = new Set(entityFields(document).map(({ node }) => node));
  for (const field of fields) others.delete(field);
  const fewer = visit(document, {
    Field: { enter: (node) => (others.has(node) ? null : undefined) },
    InlineFragment: {
      leave: (node) => (node.selectionSet.selections.length > 0 ? undefined : null),
    },
  });
  const used = new Set<string>();
  visit(fewer, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  const declared = visit(fewer, {
    VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null),
  });
  return {
    ...fetch,
    ...operationOf(declared),
    requires: withoutOthers(fetch.requires ?? [], { keep: places, place: '', required }),
    variableUsages: (fetch.variableUsages ?? []).filter((name) => used.has(name)),
  };
}

/** What is required, without the stand-ins of other parts. */
function withoutOthers(
  nodes: readonly QueryPlanSelectionNode[],
  within: Within & { keep: ReadonlySet<string> },
): QueryPlanSelectionNode[] {
  const { keep, place, required } = within;
  return nodes.flatMap((node): QueryPlanSelectionNode[] => {
    const own = node.kind === 'Field' ? placeOf(place, node.name) : place;
    if (node.kind === 'Field' && required.fields.has(node.name) && !keep.has(own)) return [];
    if (!node.selections) return [node];
    const selections = withoutOthers(node.selections, { ...within, place: own });
    return selections.length > 0 ? [{ ...node, selections }] : [];
  });
}
