import type { EntityManager } from '@mikro-orm/postgresql';

import type { Day, TakenDay } from './dirty-days.ts';
import { leaveDirtyDay, takeDirtyDay } from './dirty-days.ts';
import { rollUpStatements } from './roll-up-statements.ts';

type RollUpOptions = {
  /** Null: whose day waits longest. */
  readonly organizationId?: string | null;
  /** Hears of the day that could not be summed, before the error is thrown. */
  readonly onFailure?: (day: Day) => Promise<void>;
};

/**
 * Sums one dirty day again, the one that waits longest, from its facts; null when none is to be had.
 * Days in other hands are passed over. A fact that comes in meanwhile leaves its day dirty.
 */
export async function rollUpNext(
  em: EntityManager,
  { organizationId = null, onFailure }: RollUpOptions = {},
): Promise<Day | null> {
  const held: { day?: TakenDay } = {};
  try {
    return await em.transactional(async (tx) => {
      const taken = await takeDirtyDay(tx, organizationId);
      if (taken === null) return null;
      held.day = taken;
      if (await hasFacts(tx, taken)) await rollUp(tx, taken);
      await leaveDirtyDay(tx, taken);
      return taken;
    });
  } catch (error) {
    if (held.day !== undefined) await onFailure?.(held.day);
    throw error;
  }
}

/** The sums of an archived month are all that is left of it here. */
async function hasFacts(tx: EntityManager, { day }: Day): Promise<boolean> {
  const closed: unknown[] = await tx.execute(
    `select from report.fact_months
     where month = date_trunc('month', ?::date)::date and closed_at is not null`,
    [day],
  );
  return closed.length === 0;
}

/**
 * Replaces what the roll-ups say about the day. Everything is read before anything is written: a
 * transaction that has written keeps newer events from all readers until it ends.
 */
async function rollUp(tx: EntityManager, { organizationId, day, since }: TakenDay): Promise<void> {
  const scope = [organizationId, day];
  const sums: string[] = [];
  for (const { read, scopes } of rollUpStatements) {
    const values = Array.from({ length: scopes }, () => scope).flat();
    const [row]: { sums: string }[] = await tx.execute(read, values);
    sums.push(row?.sums ?? '[]');
  }
  const [facts]: DayFacts[] = await tx.execute(READ_FACTS, scope);
  for (const [index, { clear, fill }] of rollUpStatements.entries()) {
    await tx.execute(clear, scope);
    await tx.execute(fill, [sums[index]]);
  }
  await tx.execute(WRITE_STATE, [
    ...scope,
    facts?.versions ?? null,
    facts?.isLate ?? false,
    since + 1,
  ]);
}

/** `isLate`: something was recorded more than 24 hours after the end of the day, where the organization is. */
type DayFacts = { versions: string | null; isLate: boolean | null };

const READ_FACTS = `
  with day as (select ?::uuid as organization_id, ?::date as service_date)
  select recorded.versions::text, recorded.last >
    (day.service_date + 2)::timestamp at time zone coalesce(organization.time_zone, 'UTC') as "isLate"
  from day cross join lateral (
    select max(fact.recorded_at) as last, sum(fact.revision) as versions from (
      select recorded_at, revision from report.stop_facts stop
      where stop.organization_id = day.organization_id and stop.service_date = day.service_date
      union all
      select recorded_at, revision from report.route_facts route
      where route.organization_id = day.organization_id and route.service_date = day.service_date
    ) fact) recorded
  left join fleet_published.organizations organization on organization.id = day.organization_id`;

/**
 * `restated_at`: numbers as of an earlier instant lack the latest change. Neither the instant of
 * recording nor that of summing can tell: there are transactions that end late, and reports that read
 * facts before they are summed.
 */
const WRITE_STATE = `
  insert into report.day_states as state
    (organization_id, service_date, computed_at, fact_versions, restated_at)
  values (?, ?, now(), ?, case when ? then to_timestamp(?::float8 / 1000) end)
  on conflict (organization_id, service_date) do update set
    computed_at = excluded.computed_at, fact_versions = excluded.fact_versions,
    restated_at = case when state.fact_versions = excluded.fact_versions
      then state.restated_at else excluded.restated_at end,
    revision = state.revision + 1`;
