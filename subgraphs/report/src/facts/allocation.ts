import type { EntityManager } from '@mikro-orm/postgresql';

import type { EventRange } from './events.ts';
import { EVENTS_IN_RANGE, rangeValues } from './events.ts';

/**
 * Shares the cost and the emissions of ended routes out to their stops: of routes that end in the
 * range, and of routes whose stops come, or are corrected, in it. `days`: of those routes.
 *
 * Cost goes by the time that a stop takes, the leg to it included; emissions by load and direct
 * distance, as GLEC has it; in even shares where all of that is zero. Differences of running totals
 * are rounded, so that the shares add up to the whole.
 */
export async function allocateToStops(
  tx: EntityManager,
  range: EventRange,
  days: readonly string[],
): Promise<void> {
  if (days.length === 0) return;
  const dayArray = `{${days.join(',')}}`;
  await tx.execute(statement, [...rangeValues(range), dayArray, dayArray, dayArray]);
}

const AFFECTED = `
  select distinct case event.type when 'route.finished' then event.subject_id
    else (event.body ->> 'routeId')::uuid end as route_id
  from ${EVENTS_IN_RANGE} and event.type in ('stop.finished', 'route.finished')`;

const WEIGHTS = `
  select stop.service_date, stop.stop_id, stop.route_id, route.cost, route.co2e_grams,
    stop.planned_sequence, count(*) over whole as stops,
    stop.leg_duration_seconds + stop.service_seconds as time,
    sum(stop.leg_duration_seconds + stop.service_seconds) over whole as times,
    stop.load_weight_kg * stop.direct_distance_meters as work,
    sum(stop.load_weight_kg * stop.direct_distance_meters) over whole as works
  from affected
  join report.route_facts route on route.route_id = affected.route_id
  join report.stop_facts stop
    on stop.route_id = route.route_id and stop.service_date = route.service_date
  where route.service_date = any (?::date[]) and stop.service_date = any (?::date[])
  window whole as (partition by stop.service_date, stop.route_id)`;

const statement = `
  with affected as (${AFFECTED}), weights as (${WEIGHTS}), shares as (
    select *, case when times = 0 then 1.0 / stops else time::numeric / times end as cost_share,
      case when works = 0 then 1.0 / stops else work / works end as co2e_share
    from weights),
  allocated as (
    select service_date, stop_id, co2e_grams * co2e_share as grams,
      round(cost * least(1, sum(cost_share) over upto), 4)
        - round(cost * least(1, sum(cost_share) over upto - cost_share), 4) as cost
    from shares
    window upto as (partition by service_date, route_id order by planned_sequence, stop_id
      rows unbounded preceding))
  update report.stop_facts fact
  set allocated_cost = allocated.cost, allocated_co2e_grams = allocated.grams
  from allocated
  where fact.service_date = any (?::date[])
    and fact.service_date = allocated.service_date and fact.stop_id = allocated.stop_id
    and (fact.allocated_cost, fact.allocated_co2e_grams)
      is distinct from (allocated.cost, allocated.grams)`;
