import type { EntityManager } from '@mikro-orm/postgresql';

import { sqlArray } from '../sql.ts';

/** One thing that is another than before. */
export type Change = {
  readonly kind: 'ORDER' | 'STOP' | 'ROUTE' | 'RUN';
  readonly id: string;
  /** Of a stop, a route, or an order that is planned. */
  readonly routeId: string | null;
  /** Of a stop or a route. */
  readonly driverId: string | null;
};

export type Day = {
  readonly organizationId: string;
  readonly depotId: string;
  readonly date: string;
};

/** What one transaction changed of one day. */
export type DayChanges = Day & {
  /** 64 bits, as text. Those of a later one are told later. */
  readonly transactionId: string;
  readonly recordedAtMs: number;
  /** Each thing once. Null when there are too many of them to be told one by one. */
  readonly changes: readonly Change[] | null;
};

/** More than this is a new plan, or as good as one. */
export const MOST_CHANGES = 50;
/** For so long a reader who was away is told what he missed. */
export const KEPT_MS = 24 * 60 * 60_000;

/** Where the log ends now: every change of a transaction before `horizon` can be read. */
export type LogEnd = {
  horizon: string;
  /** There is a change of one of the organizations since `from`. */
  hasNews: boolean;
  /** One of them stands behind a transaction that is still open. */
  isHeldBack: boolean;
};

export async function findLogEnd(
  em: EntityManager,
  { from, organizationIds }: { from: string | null; organizationIds: readonly string[] },
): Promise<LogEnd> {
  const since = (bound: string) => `exists (
    select from route.changes
    where transaction_id >= ${bound} and organization_id = any (?::uuid[]))`;
  const organizations = sqlArray(organizationIds);
  const [end]: LogEnd[] = await em.execute(
    `select now.horizon::text, ${since('coalesce(?::xid8, now.horizon)')} as "hasNews",
       ${since('now.horizon')} as "isHeldBack"
     from (select pg_snapshot_xmin(pg_current_snapshot()) as horizon) as now`,
    [from, organizations, organizations],
  );
  if (end === undefined) throw new Error('The log has no end');
  return end;
}

/** What changed in these organizations, from one transaction on, as far as it can be seen. */
export async function readChanges(
  em: EntityManager,
  {
    from,
    organizationIds,
    limit,
  }: { from: string; organizationIds: readonly string[]; limit: number },
): Promise<DayChanges[]> {
  const parameters = [from, sqlArray(organizationIds), limit];
  return em.execute(changesWhere('organization_id = any (?::uuid[])'), parameters);
}

/** What changed of one day, from one transaction on, as far as its order is certain. */
export async function readChangesOfDay(
  em: EntityManager,
  { organizationId, depotId, date }: Day,
  { from, limit }: { from: string; limit: number },
): Promise<DayChanges[]> {
  const which = `transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    and organization_id = ? and depot_id = ? and service_date = ?`;
  return em.execute(changesWhere(which), [from, organizationId, depotId, date, limit]);
}

function changesWhere(which: string): string {
  return `
    with changed as (
      select transaction_id, organization_id, depot_id, service_date, kind, subject_id, route_id,
        driver_id, max(position) as position, max(recorded_at) as recorded_at
      from route.changes
      where transaction_id >= ?::xid8 and ${which}
      group by transaction_id, organization_id, depot_id, service_date, kind, subject_id, route_id,
        driver_id
    )
    select transaction_id::text as "transactionId", organization_id as "organizationId",
      depot_id as "depotId", service_date::text as date,
      (extract(epoch from max(recorded_at)) * 1000)::float8 as "recordedAtMs",
      case when count(*) <= ${MOST_CHANGES} and not bool_or(kind = 'PLAN') then
        jsonb_agg(jsonb_build_object('kind', kind, 'id', subject_id, 'routeId', route_id,
          'driverId', driver_id) order by position)
      end as changes
    from changed
    group by transaction_id, organization_id, depot_id, service_date
    order by changed.transaction_id, organization_id, depot_id, service_date
    limit ?`;
}

/**
 * Deletes at most `limit` of the oldest changes whose time is over, and as many that a dump brought
 * along from a database that counted further; gives their number.
 */
export async function deleteOldChanges(em: EntityManager, limit: number): Promise<number> {
  const rows: object[] = await em.execute(
    `delete from route.changes using (
       (select transaction_id, position from route.changes
        order by transaction_id, position limit ?)
       union all
       (select transaction_id, position from route.changes
        where transaction_id >= pg_snapshot_xmax(pg_current_snapshot()) limit ?)
     ) as old
     where changes.transaction_id = old.transaction_id and changes.position = old.position
       and (recorded_at < now() - make_interval(secs => ?)
         or old.transaction_id >= pg_snapshot_xmax(pg_current_snapshot()))
     returning 1`,
    [limit, limit, KEPT_MS / 1000],
  );
  return rows.length;
}
