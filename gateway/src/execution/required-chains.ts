import { failure } from '@quantumroute/ops/failures';
import type { FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  Kind,
  getNamedType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  GraphQLOutputType,
  GraphQLSchema,
  SelectionSetNode,
} from 'graphql';
import { joinsIn } from './joins.ts';
import type { Joins } from './joins.ts';

/** Puts right what the planner gets wrong about chains of required fields. */
export type ChainRepair = (plan: QueryPlan) => QueryPlan;

/**
 * A field may require one that itself requires something. If the latter belongs to the subgraph that
 * the plan begins with, the planner asks for it there at once, without what it requires: the
 * subgraph computes with nothing. Such a field is taken out of that fetch, and fetched on its own
 * before the first step that needs it.
 */
export function chainRepair(schema: GraphQLSchema, document: DocumentNode): ChainRepair {
  const joins = joinsIn(document);
  if (!joins.hasChains) return (plan) => plan;
  const parts = { schema, joins };
  return (plan) => {
    const { node } = plan;
    if (!node || node.kind === 'Subscription') return plan;
    const { repaired, pending } = repairNode(node, { ...parts, path: [] });
    if (pending.length === 0) return { ...plan, node: repaired };
    return { ...plan, node: { kind: 'Sequence', nodes: [repaired, ...pending.map(nodeOf)] } };
  };
}

type Parts = { schema: GraphQLSchema; joins: Joins };
type Path = readonly string[];
type At = Parts & { path: Path };

/** A field that was taken out of a fetch, and has to be fetched once what it requires is there. */
type Pending = { key: string; path: Path; fetch: FetchNode };
type Repaired = { repaired: PlanNode; pending: Pending[] };

function nodeOf({ path, fetch }: Pending): PlanNode {
  return { kind: 'Flatten', path: [...path], node: fetch };
}

function repairNode(node: PlanNode, at: At): Repaired {
  switch (node.kind) {
    case 'Fetch':
      return repairFetch(node, at);
    case 'Flatten': {
      const within = { ...at, path: [...at.path, ...node.path.map(String)] };
      const { repaired, pending } = repairNode(node.node, within);
      return { repaired: { ...node, node: repaired }, pending };
    }
    case 'Parallel': {
      const all = node.nodes.map((child) => repairNode(child, at));
      const nodes = all.map(({ repaired }) => repaired);
      return { repaired: { ...node, nodes }, pending: all.flatMap(({ pending }) => pending) };
    }
    case 'Sequence':
      return repairSequence(node.nodes, at);
    case 'Condition':
    case 'Defer':
      // Conditions are decided before, and @defer is refused after: both never come this far.
      return { repaired: node, pending: [] };
  }
}

function repairSequence(steps: readonly PlanNode[], at: At): Repaired {
  const nodes: PlanNode[] = [];
  let waiting: Pending[] = [];
  for (const step of steps) {
    const { repaired, pending } = repairNode(step, at);
    const due = waiting.filter((it) => needs(repaired, it, at.path));
    nodes.push(due.reduce((node, it) => insertBefore(node, it, at.path), repaired));
    waiting = [...waiting.filter((it) => !due.includes(it)), ...pending];
  }
  return { repaired: { kind: 'Sequence', nodes }, pending: waiting };
}

/** Whether some fetch within needs what is pending. */
function needs(node: PlanNode, pending: Pending, path: Path): boolean {
  switch (node.kind) {
    case 'Fetch':
      return isWithin(pending.path, path) && hasKey(node.requires ?? [], pending.key);
    case 'Flatten':
      return needs(node.node, pending, [...path, ...node.path.map(String)]);
    case 'Parallel':
    case 'Sequence':
      return node.nodes.some((child) => needs(child, pending, path));
    case 'Condition':
    case 'Defer':
      return false;
  }
}

function isWithin(path: Path, outer: Path): boolean {
  return outer.every((key, index) => path[index] === key);
}

/** Fetches what is pending as late as possible: what it requires itself comes on the way. */
function insertBefore(node: PlanNode, pending: Pending, path: Path): PlanNode {
  if (!needs(node, pending, path)) return node;
  if (node.kind === 'Parallel') {
    return { ...node, nodes: node.nodes.map((child) => insertBefore(child, pending, path)) };
  }
  if (node.kind !== 'Sequence') return { kind: 'Sequence', nodes: [nodeOf(pending), node] };
  const first = node.nodes.findIndex((child) => needs(child, pending, path));
  const nodes = node.nodes.map((child, index) =>
    index === first ? insertBefore(child, pending, path) : child,
  );
  return { ...node, nodes };
}

function hasKey(nodes: readonly QueryPlanSelectionNode[], key: string): boolean {
  return nodes.some(
    (node) => (node.kind === 'Field' && node.name === key) || hasKey(node.selections ?? [], key),
  );
}

type Early = { node: FieldNode; set: SelectionSetNode; typeName: string; path: Path };

function repairFetch(fetch: FetchNode, at: At): Repaired {
  const document = parse(fetch.operation, { noLocation: true });
  const early = earlyFields(document, fetch, at);
  if (early.length === 0) return { repaired: fetch, pending: [] };
  const removed = new Set(early.map(({ node }) => node));
  const without = visit(document, {
    Field: { enter: (node) => (removed.has(node) ? null : undefined) },
    SelectionSet: {
      leave: (node) =>
        node.selections.length > 0 ? undefined : { ...node, selections: [TYPE_NAME] },
    },
  });
  return {
    repaired: { ...fetch, ...operationOf(without) },
    pending: early.map((field) => pendingOf(field, fetch, at)),
  };
}

const TYPE_NAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** The fields of a fetch whose requirements are not among what the fetch sends. */
function earlyFields(document: DocumentNode, fetch: FetchNode, at: At): Early[] {
  const { schema, joins } = at;
  const found: Early[] = [];
  const collect = (set: SelectionSetNode, typeName: string, path: Path, sent: boolean): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value ?? typeName;
        collect(selection.selectionSet, condition, path, sent);
        continue;
      }
      const { name, alias, selectionSet } = selection;
      const required = joins.requiredBy(`${typeName}.${name.value}`, fetch.serviceName);
      const isSent =
        sent && (required ?? []).every((key) => hasKey(fetch.requires ?? [], key.name));
      if (required && !isSent) found.push({ node: selection, set, typeName, path });
      const type = fieldType(schema, { typeName, field: name.value });
      if (!selectionSet || !type) continue;
      const within = [...path, alias?.value ?? name.value, ...listMarks(type)];
      const own = joins.typeOf(`${typeName}.${name.value}`, fetch.serviceName);
      collect(selectionSet, own ?? getNamedType(type).name, within, false);
    }
  };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    if (!fetch.requires) {
      const root = schema.getRootType(definition.operation)?.name ?? '';
      collect(definition.selectionSet, root, at.path, false);
      continue;
    }
    for (const entities of definition.selectionSet.selections) {
      if (entities.kind !== Kind.FIELD || !entities.selectionSet) continue;
      collect(entities.selectionSet, '', at.path, true);
    }
  }
  return found;
}

function pendingOf({ node, set, typeName, path }: Early, fetch: FetchNode, at: At): Pending {
  const { serviceName } = fetch;
  const selected = new Set(
    set.selections.flatMap((it) => (it.kind === Kind.FIELD && !it.alias ? [it.name.value] : [])),
  );
  const key = at.joins
    .keysOf(typeName, serviceName)
    .find((fields) => fields.every(({ name }) => selected.has(name)));
  const required = at.joins.requiredBy(`${typeName}.${node.name.value}`, serviceName);
  if (!key || !required) {
    throw failure('INTERNAL_SERVER_ERROR', `${typeName}.${node.name.value} cannot be planned`);
  }
  const used = new Set<string>();
  visit(node, { Variable: ({ name }) => void used.add(name.value) });
  const declared = parse(fetch.operation, { noLocation: true }).definitions.flatMap((it) =>
    it.kind === Kind.OPERATION_DEFINITION ? (it.variableDefinitions ?? []) : [],
  );
  const variables = declared.filter(({ variable: { name } }) => used.has(name.value)).map(print);
  const operation = `query(${['$representations:[_Any!]!', ...variables].join(' ')})
    {_entities(representations:$representations){...on ${typeName}{${print(node)}}}}`;
  const selections = [{ kind: 'Field', name: '__typename' } as const, ...key, ...required];
  return {
    key: node.alias?.value ?? node.name.value,
    path,
    fetch: {
      kind: 'Fetch',
      serviceName,
      requires: [{ kind: 'InlineFragment', typeCondition: typeName, selections }],
      variableUsages: [...used],
      operationKind: fetch.operationKind,
      operationName: undefined,
      ...operationOf(parse(operation, { noLocation: true })),
    },
  };
}

function operationOf(
  document: DocumentNode,
): Pick<FetchNode, 'operation' | 'operationDocumentNode'> {
  return { operation: stripIgnoredCharacters(print(document)), operationDocumentNode: document };
}

function fieldType(
  schema: GraphQLSchema,
  { typeName, field }: { typeName: string; field: string },
): GraphQLOutputType | null {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) return null;
  return type.getFields()[field]?.type ?? null;
}

function listMarks(type: GraphQLOutputType): string[] {
  if (isNonNullType(type)) return listMarks(type.ofType);
  return isListType(type) ? ['@', ...listMarks(type.ofType)] : [];
}
