import type { EntityManager } from '@mikro-orm/postgresql';

import { rollUpStatements } from './roll-up-statements.ts';

/** A day of an organization, as `YYYY-MM-DD`. */
export type Day = { readonly organizationId: string; readonly day: string };

/**
 * Sums one dirty day again, the one that waits longest, from its facts; null when none is to be had.
 * Days in other hands are passed over. While the day is taken its facts cannot change: who changes
 * them has to mark it first.
 */
export function rollUpNext(
  em: EntityManager,
  { organizationId = null }: { organizationId?: string | null } = {},
): Promise<Day | null> {
  return em.transactional(async (tx) => {
    const [taken]: Day[] = await tx.execute(
      `select organization_id as "organizationId", service_date::text as day
       from report.dirty_days where ${organizationId === null ? 'true' : 'organization_id = ?'}
       order by since limit 1 for update skip locked`,
      organizationId === null ? [] : [organizationId],
    );
    if (taken === undefined) return null;
    await rollUp(tx, taken);
    await tx.execute(
      'delete from report.dirty_days where organization_id = ? and service_date = ?',
      [taken.organizationId, taken.day],
    );
    return taken;
  });
}

/** Replaces what the roll-ups say about the day. */
async function rollUp(tx: EntityManager, { organizationId, day }: Day): Promise<void> {
  for (const { clear, fill } of rollUpStatements) {
    await tx.execute(clear, [organizationId, day]);
    await tx.execute(
      fill.text,
      Array.from({ length: fill.scopes }, () => [organizationId, day]).flat(),
    );
  }
  await tx.execute(STATE, [organizationId, day]);
}

/**
 * Restated: something was recorded more than 24 hours after the end of the day, which ends where the
 * organization is.
 */
const STATE = `
  with day as (select ?::uuid as organization_id, ?::date as service_date),
  recorded as (
    select max(fact.recorded_at) as last from day, lateral (
      select recorded_at from report.stop_facts stop
      where stop.organization_id = day.organization_id and stop.service_date = day.service_date
      union all
      select recorded_at from report.route_facts route
      where route.organization_id = day.organization_id and route.service_date = day.service_date
    ) fact)
  insert into report.day_states as state (organization_id, service_date, computed_at, restated_at)
  select day.organization_id, day.service_date, now(), case when recorded.last >
    (day.service_date + 2)::timestamp at time zone coalesce(organization.time_zone, 'UTC')
    then recorded.last end
  from day cross join recorded
  left join fleet_published.organizations organization on organization.id = day.organization_id
  on conflict (organization_id, service_date) do update set
    computed_at = excluded.computed_at, restated_at = excluded.restated_at,
    revision = state.revision + 1`;
