import { PERIOD } from '../data/world.ts';
import { sql } from '../product.ts';
import type { Sql } from '../product.ts';

/**
 * As it is written first: the day of each stop is computed before it is compared, so that no index
 * helps, and what became of a stop is looked up in the events once for each figure.
 */
export function naive(organizationId: string): Sql {
  return sql`select to_char(stop.planned_arrival at time zone 'UTC', 'YYYY-MM-DD') as day,
      (select driver.display_name from fleet.drivers driver where driver.id = stop.driver_id) as driver,
      count(*)::float8 as stops,
      count(*) filter (where exists (
        select from bench.stop_events event
        where event.stop_id = stop.id and event.type = 'FAILED'))::float8 as "failedStops",
      avg(case when (
          select min(event.occurred_at) from bench.stop_events event
          where event.stop_id = stop.id and event.type = 'ARRIVED') >= stop.window_start
        and (
          select min(event.occurred_at) from bench.stop_events event
          where event.stop_id = stop.id and event.type = 'ARRIVED') < stop.window_end
        then 1.0 else 0.0 end)::float8 as "onTime",
      avg(extract(epoch from (
          select min(event.occurred_at) from bench.stop_events event
          where event.stop_id = stop.id and event.type = 'DEPARTED') - (
          select min(event.occurred_at) from bench.stop_events event
          where event.stop_id = stop.id and event.type = 'ARRIVED')))::float8 as "dwellMean"
    from bench.stops stop
    where stop.organization_id = ${organizationId}
      and to_char(stop.planned_arrival at time zone 'UTC', 'YYYY-MM-DD')
        between ${PERIOD.from} and ${PERIOD.to}
    group by day, stop.driver_id
    order by day, driver`;
}

/** The bare column is compared, an index of two columns finds the stops, events are joined once. */
export function sargable(organizationId: string): Sql {
  return sql`with finished as (
      select stop.id, stop.driver_id, (stop.planned_arrival at time zone 'UTC')::date as day,
        stop.window_start, stop.window_end,
        min(event.occurred_at) filter (where event.type = 'ARRIVED') as arrived,
        min(event.occurred_at) filter (where event.type = 'DEPARTED') as departed,
        bool_or(event.type = 'FAILED') as failed
      from bench.stops stop join bench.stop_events event on event.stop_id = stop.id
      where stop.organization_id = ${organizationId}
        and stop.planned_arrival >= ${PERIOD.from}::date
        and stop.planned_arrival < ${PERIOD.to}::date + 1
      group by stop.id)
    select finished.day::text as day, driver.display_name as driver, count(*)::float8 as stops,
      count(*) filter (where failed)::float8 as "failedStops",
      avg(case when arrived >= window_start and arrived < window_end then 1.0 else 0.0 end)::float8
        as "onTime",
      avg(extract(epoch from departed - arrived))::float8 as "dwellMean"
    from finished join fleet.drivers driver on driver.id = finished.driver_id
    group by finished.day, driver.id
    order by finished.day, driver.display_name`;
}
