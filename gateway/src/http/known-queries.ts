import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { OperationMeter } from '@quantumroute/ops/envelop';
import { parseJson } from '@quantumroute/ops/http-body';
import { LRUCache } from 'lru-cache';

/** A query that a group of callers may run, and what is the same in each of its answers. */
export type KnownQuery = {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  operationName: string | null;
  queryHash: string;
  /** How long the document's text is. */
  characters: number;
  contentType: string;
  measure: OperationMeter;
};

/** A known query, as a request asks for it. */
export type AskedQuery = KnownQuery & { variables: Readonly<Record<string, unknown>> };

/** Queries that were admitted before, recognised by their text or hash whatever their variables. */
export type KnownQueries = {
  /** What a body asks for. `group`: who asks, and in which form he wants the answer. */
  recognise(body: Buffer, group: string): AskedQuery | undefined;
  learn(body: Buffer, group: string, query: KnownQuery): void;
};

/**
 * No query is known yet. A query is held once for all groups: its parsed document takes more than a
 * hundred times the memory of its text, by which the number of queries is bounded.
 */
export function createKnownQueries(): KnownQueries {
  const queries = new LRUCache<string, { number: number; query: KnownQuery }>({
    max: MOST_QUERIES,
    maxSize: MOST_CHARACTERS,
    sizeCalculation: ({ query }, name) => name.length + query.characters,
  });
  // In which form each group is answered.
  const contentTypes = new LRUCache<string, string>({ max: MOST_GROUPS });
  let learned = 0;
  return {
    recognise(body, group) {
      const read = readRequest(body);
      const known = read && queries.get(read.name);
      if (!known) return undefined;
      const contentType = contentTypes.get(`${group}${known.number}`);
      if (contentType === undefined) return undefined;
      return { ...known.query, contentType, variables: read.variables };
    },
    learn(body, group, query) {
      const read = readRequest(body);
      if (!read) return;
      const { name } = read;
      // Manifests of several clients may call different documents by the same identifier.
      const before = queries.get(name);
      const isSame = before?.query.queryHash === query.queryHash;
      const known = before && isSame ? before : { number: (learned += 1), query };
      queries.set(name, known);
      contentTypes.set(`${group}${known.number}`, query.contentType);
    },
  };
}

const MOST_QUERIES = 5_000;
const MOST_CHARACTERS = 1_000_000;
const MOST_GROUPS = 50_000;

/** Undefined for everything that is not quite ordinary: the long way knows what to say of it. */
function readRequest(
  body: Buffer,
): { name: string; variables: Record<string, unknown> } | undefined {
  const request = jsonOf(body);
  if (!isObject(request)) return undefined;
  const { query, operationName = null, variables, extensions } = request;
  const hash = isObject(extensions) ? hashIn(extensions['persistedQuery']) : null;
  if (hash === undefined || !isTextOrNothing(query) || !isTextOrNothing(operationName)) {
    return undefined;
  }
  if (!isObject(variables) && (variables ?? null) !== null) return undefined;
  if (!isObject(extensions) && (extensions ?? null) !== null) return undefined;
  return {
    name: JSON.stringify([operationName, hash, query]),
    variables: isObject(variables) ? variables : {},
  };
}

function jsonOf(body: Buffer): unknown {
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}

/** Null when there is none, undefined when it is of another kind than ours. */
function hashIn(persistedQuery: unknown): string | null | undefined {
  if (persistedQuery === undefined) return null;
  if (!isObject(persistedQuery) || persistedQuery['version'] !== 1) return undefined;
  const { sha256Hash } = persistedQuery;
  return typeof sha256Hash === 'string' ? sha256Hash : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextOrNothing(value: unknown): value is string | null | undefined {
  return typeof value === 'string' || value === null || value === undefined;
}
