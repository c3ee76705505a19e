import type { Client } from 'pg';

import type { Statement } from './recorder.ts';

/** Tables and partitions with so many rows are large. */
const LARGE_ROWS = 5_000;

type PlanNode = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
};

type Catalogue = {
  /** Tables and partitions that are large. */
  readonly large: ReadonlySet<string>;
  /** Indexes that hold a few of their table's rows. */
  readonly partial: ReadonlySet<string>;
};

/** What there is that must not be read as a whole. */
export async function readCatalogue(client: Client): Promise<Catalogue> {
  const { rows: tables } = await client.query<{ name: string }>(
    'select relname as name from pg_class where relkind = $1 and reltuples > $2',
    ['r', LARGE_ROWS],
  );
  const { rows: indexes } = await client.query<{ name: string }>(
    `select indexrelid::regclass::text as name from pg_index where indpred is not null`,
  );
  return {
    large: new Set(tables.map(({ name }) => name)),
    partial: new Set(indexes.map(({ name }) => name.replace(/^.*\./, ''))),
  };
}

/** How the statement reads large tables from their beginning to their end; empty when it does not. */
export async function faultsOfPlan(
  client: Client,
  catalogue: Catalogue,
  { text, values }: Statement,
): Promise<string[]> {
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `explain (format json) ${text}`,
    [...values],
  );
  const root = rows[0]?.['QUERY PLAN'][0].Plan;
  return root === undefined
    ? []
    : [...new Set(everyNode(root).flatMap((node) => faultOf(node, catalogue)))];
}

function everyNode(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(everyNode)];
}

/** An index without a condition is read as a whole too, unless it holds only what is asked for. */
function faultOf(node: PlanNode, { large, partial }: Catalogue): string[] {
  const table = node['Relation Name'] ?? '';
  if (!large.has(table)) return [];
  if (node['Node Type'] === 'Seq Scan') return [`Seq Scan of ${table}`];
  const index = node['Index Name'];
  if (index === undefined || node['Index Cond'] !== undefined || partial.has(index)) return [];
  return [`all of index ${index} of ${table}`];
}
