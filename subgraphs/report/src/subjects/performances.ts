import type { Query } from '../figures/measure.ts';
import type { RoutePerformance } from '../resolvers/schema-types.ts';
import { join, sql } from '../storage/sql.ts';

/** A route by its UUID, and the day that it belongs to. */
export type RouteOfDay = { readonly id: string; readonly day: string };

/**
 * How each finished route went against its plan, by one statement; null for routes that have not
 * ended or are another organization's. One route's deviations as the figures define those of many.
 */
export async function readPerformances(
  query: Query,
  organizationId: string,
  routes: readonly RouteOfDay[],
): Promise<(RoutePerformance | null)[]> {
  const asked = routes.map(({ id, day }, place) => sql`(${place}::int, ${id}::uuid, ${day}::date)`);
  const rows = await query(sql`with asked (place, route_id, day) as (values ${join(asked, ', ')})
    select asked.place, round(r.co2e_grams)::float8 as "co2eGrams",
      ((r.actual_distance_meters - r.distance_meters)::float8 / nullif(r.distance_meters, 0))
        as "distanceDeviationRatio",
      (extract(epoch from (r.ended_at - r.started_at) - (r.planned_end - r.planned_start))::float8
        / nullif(extract(epoch from r.planned_end - r.planned_start), 0)::float8)
        as "durationDeviationRatio",
      kept.on_time as "onTime"
    from asked join report.route_facts r on r.service_date = asked.day
      and r.route_id = asked.route_id and r.organization_id = ${organizationId}
    cross join lateral (
      select count(*) filter (where f.on_time)::float8 / nullif(count(f.on_time), 0) as on_time
      from report.stop_facts f where f.service_date = asked.day
      and f.route_id = asked.route_id and f.organization_id = ${organizationId}) kept`);
  const byPlace = new Map(rows.map(({ place, ...performance }) => [place, performance]));
  return routes.map((_, place) => (byPlace.get(place) as RoutePerformance | undefined) ?? null);
}
