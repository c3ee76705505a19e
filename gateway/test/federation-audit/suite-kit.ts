import type { GraphQLFieldResolver } from 'graphql';

/** A subgraph of the audit. */
export type AuditSubgraph = {
  name: string;
  typeDefs: string;
  resolvers: Record<string, Record<string, GraphQLFieldResolver<unknown, unknown>>>;
};

/** One operation, and what has to come of it; errors count where `expected` speaks of them. */
export type AuditCase = { query: string; expected: { data?: unknown; errors?: boolean } };

/** Subgraphs, and what is asked of them together. */
export type AuditSuite = { id: string; subgraphs: AuditSubgraph[]; cases: AuditCase[] };

// What the files of the audit import of their own program, which would serve them by HTTP.

export const createSubgraph = (
  name: string,
  parts: Omit<AuditSubgraph, 'name'>,
): AuditSubgraph => ({ name, ...parts });

export const createTest = (query: string, expected: AuditCase['expected']): AuditCase => ({
  query,
  expected,
});

export const serve = (
  id: string,
  subgraphs: AuditSubgraph[],
  cases: AuditCase[] | (() => AuditCase[]),
): AuditSuite => ({ id, subgraphs, cases: typeof cases === 'function' ? cases() : cases });

export const env = {};
export const shouldPunishForPoorPlans = (): boolean => true;
