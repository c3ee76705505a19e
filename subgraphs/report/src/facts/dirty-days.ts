import type { EntityManager } from '@mikro-orm/postgresql';

import { epochMs } from './epoch-ms.ts';

/** A day of an organization, as `YYYY-MM-DD`. */
export type Day = { readonly organizationId: string; readonly day: string };

/**
 * A day in the hands of one worker. `mark` is another as soon as somebody marks the day again.
 * `since` and `factsUntil`, in milliseconds since 1970: what was committed before is in the sums, and
 * in the facts, that were there when the day was taken.
 */
export type TakenDay = Day & {
  readonly mark: string;
  readonly since: number;
  readonly factsUntil: number;
};

/** More than there are workers: who takes a day looks no further than the first that is free. */
const LOOKED_AT = 100;

/**
 * Takes the day that waits longest and is in nobody's hands until the transaction ends. The row is
 * not locked: the projector would wait for it, and everybody's events with it, while a large day is
 * being summed. An advisory lock is no write either.
 */
export async function takeDirtyDay(
  tx: EntityManager,
  organizationId: string | null,
): Promise<TakenDay | null> {
  const [taken]: TakenDay[] = await tx.execute(
    `with waiting as materialized (
       select *, xmin::text as mark from report.dirty_days
       where coalesce(retry_at, '-infinity') <= now()
         ${organizationId === null ? '' : 'and organization_id = ?'}
       order by since limit ${LOOKED_AT})
     select organization_id as "organizationId", service_date::text as day, mark,
       ${epochMs('since')} as since,
       (select ${epochMs('consumed_until')} from report.projection where consumer = 'facts')
         as "factsUntil"
     from waiting
     where pg_try_advisory_xact_lock(
       hashtextextended('report.dirty_days ' || organization_id || service_date, 0))
     limit 1`,
    organizationId === null ? [] : [organizationId],
  );
  return taken ?? null;
}

/**
 * The day has been summed. What was told of it meanwhile may be missing: then it stays dirty, since
 * the moment up to which the facts were complete when it was taken.
 */
export async function leaveDirtyDay(
  tx: EntityManager,
  { organizationId, day, mark, factsUntil }: TakenDay,
): Promise<void> {
  await tx.execute(
    `delete from report.dirty_days
     where organization_id = ? and service_date = ? and xmin::text = ?`,
    [organizationId, day, mark],
  );
  await tx.execute(
    `update report.dirty_days set attempts = 0, retry_at = null,
       since = greatest(since, to_timestamp(?::float8 / 1000))
     where organization_id = ? and service_date = ?`,
    [factsUntil, organizationId, day],
  );
}

/** Puts a day off that could not be summed, for ten seconds at first and for an hour at most. */
export async function postponeDirtyDay(
  em: EntityManager,
  { organizationId, day }: Day,
): Promise<void> {
  await em.execute(
    `update report.dirty_days set attempts = attempts + 1,
       retry_at = now() + least(10 * 2 ^ least(attempts, 10), 3600) * interval '1 second'
     where organization_id = ? and service_date = ?`,
    [organizationId, day],
  );
}
