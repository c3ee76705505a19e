import type { TestStack } from '@quantumroute/ops/local/testing';
import { encodeId } from '@quantumroute/schema/ids';
import { Pool } from 'pg';
import type { Part } from './follower.ts';

/** Orders of one day that change, whose process dies before it tells of it. */
export type BoardLives = {
  /** What its watchers subscribe to. */
  readonly variables: { depotId: string; date: string };
  /** One order has another version. */
  happen(): Promise<void>;
  /** By id, what everybody ought to know in the end. */
  readonly orders: ReadonlyMap<string, number>;
  close(): Promise<void>;
};

/** Few enough never to be told as a whole. */
const ORDERS = 20;

type BoardEvent = { change: { id: string; version: number } | null };

/** What its watchers subscribe to, and what an event tells of it. */
export const BOARD = {
  query: `subscription ($depotId: ID!, $date: LocalDate!) { boardUpdated(depotId: $depotId, date: $date) {
    change { ... on Order { id version } } } }`,
  field: 'boardUpdated',
  partsOf: ({ change }: BoardEvent): Part[] => (change ? [{ ...change, status: 'CHANGED' }] : []),
};

/** Of the organization that the report belongs to. */
export async function openBoardLives(stack: TestStack, reportUuid: string): Promise<BoardLives> {
  const sql = new Pool({ connectionString: stack.databaseUrl, max: 2 });
  const { rows } = await sql.query<{ id: string; depot_id: string; date: string }>(FULLEST_DAY, [
    reportUuid,
    ORDERS,
  ]);
  const [first] = rows;
  if (first === undefined) throw new Error('There is no day with orders');
  const orders = new Map<string, number>();
  let count = 0;
  return {
    variables: { depotId: encodeId('depot', first.depot_id), date: first.date },
    orders,
    async happen() {
      count += 1;
      const { id = '' } = rows[count % rows.length] ?? {};
      const changed = await sql.query<{ version: number }>(
        'update route.orders set version = version + 1 where id = $1 returning version',
        [id],
      );
      orders.set(encodeId('order', id), changed.rows[0]?.version ?? 0);
    },
    close: () => sql.end(),
  };
}

const FULLEST_DAY = `
  with day as (
    select organization_id, depot_id, service_date from route.orders
    where status = 'ACCEPTED'
      and organization_id = (select organization_id from report.reports where id = $1)
    group by organization_id, depot_id, service_date order by count(*) desc limit 1
  )
  select orders.id, depot_id, service_date::text as date
  from route.orders join day using (organization_id, depot_id, service_date)
  where status = 'ACCEPTED' limit $2`;
