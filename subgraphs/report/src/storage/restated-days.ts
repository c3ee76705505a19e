import { join, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** Which days are looked for: those that changed after `since`, or ever. */
export type RestatedPeriod = {
  readonly organizationId: string;
  readonly from: string;
  readonly to: string;
  readonly since: Date | null;
};

type Query = (statement: Sql) => Promise<readonly Record<string, unknown>[]>;

const MAX_DAYS = 366;

/** The days of each period whose sums changed more than 24 hours after their end, in order. */
export async function findRestatedDays(
  query: Query,
  periods: readonly RestatedPeriod[],
): Promise<string[][]> {
  const wanted = periods.map(
    ({ organizationId, from, to, since }, place) =>
      sql`(${place}::int, ${organizationId}::uuid, ${from}::date, ${to}::date,
        ${since?.toISOString() ?? '-infinity'}::timestamptz)`,
  );
  const rows = await query(sql`select period.place, restated.days
    from (values ${join(wanted, ', ')}) period (place, organization_id, day_from, day_to, since)
    cross join lateral (
      select array_agg(day::text order by day) as days from (
        select service_date as day from report.day_states state
        where state.organization_id = period.organization_id and state.restated_at is not null
        and state.service_date >= period.day_from and state.service_date <= period.day_to
        and state.restated_at > period.since
        order by service_date limit ${MAX_DAYS}) day) restated`);
  const byPlace = new Map(rows.map(({ place, days }) => [place, days]));
  return periods.map((_, place) => (byPlace.get(place) ?? []) as string[]);
}
