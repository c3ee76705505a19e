import type { Sql } from '../storage/sql.ts';
import { raw, sql } from '../storage/sql.ts';
import { grouped } from './grouped.ts';
import type { Period } from './period.ts';
import type { Scope } from './scope.ts';
import type { Reading } from './source.ts';

export type Scorecard = {
  readonly scope: Scope;
  readonly period: Period;
  readonly reading: Reading;
  /** Drivers with fewer have a card, but neither a score nor a rank. */
  readonly minimumStops: number;
};

/**
 * How much of the organization's mean a small stratum borrows, so that a rare kind of day is not
 * judged by the only driver who had it.
 */
const BORROWED_STOPS = 50;
const BORROWED_HOURS = 10;

/** Upper bounds in seconds: mean drive between two stops, mean planned time at one. */
const LEG_BANDS = [120, 240, 420, 720];
const SERVICE_BANDS = [120, 240, 480];

/**
 * One row per driver with what the routes let expect. Indirect standardization: the days of all
 * drivers of the organization are put into strata of depot, weekday, mean leg and mean planned
 * service; what a driver would have reached at the mean rate of each of the own days' strata is
 * expected, and observed ÷ expected is the ratio. The score is 100 × the mean of the ratios of
 * on-time stops and of stops per hour: 100 is what any driver would have made of these routes.
 */
export function scorecard({ scope, period, reading, minimumStops }: Scorecard): Sql {
  const { organizationId } = scope;
  const { queries, joined } = grouped({
    scope: { organizationId, narrow: { by: 'organization' } },
    period,
    reading,
    dimensions: ['day', 'depot', 'vehicle', 'driver'],
    measures: MEASURES,
  });
  return sql`with ${queries},
    worked as (select *, ${raw(STRATUM)} from (select ${raw(COLUMNS)} from ${joined}) driver_day),
    strata as (select ${raw(STRATUM_KEYS)}, sum(on_time) as on_time, sum(promised) as promised,
      sum(visits) as visits, sum(hours) as hours from worked group by ${raw(STRATUM_KEYS)}),
    mean as (select sum(on_time) / nullif(sum(promised), 0) as on_time,
      sum(visits) / nullif(sum(hours), 0) as pace from worked),
    expected as (${expected(scope)}),
    compared as (select *, on_time / nullif(expected_on_time, 0) as on_time_ratio,
      visits / nullif(expected_visits, 0) as pace_ratio from expected),
    scored as (select *, case when stops >= ${minimumStops} then
      100 * (coalesce(on_time_ratio, pace_ratio) + coalesce(pace_ratio, on_time_ratio)) / 2
      end as score from compared)
    select scored.*, mean.on_time as mean_on_time, mean.pace as mean_pace,
      case when score is not null then
        rank() over (partition by depot_id order by ${raw(SHOWN_SCORE)} desc nulls last) end as rank_in_depot
    from scored cross join mean`;
}

/** As it is shown: whoever has the same score has the same rank. */
export const SHOWN_SCORE = 'round(score::numeric, 1)::float8';

const MEASURES = [
  'stops',
  'orders',
  'orders_first_attempt',
  'promised_stops',
  'on_time_stops',
  'route_stops',
  'duty_seconds',
  'driving_seconds',
  'planned_service_seconds',
] as const;

const COLUMNS = `
  day_key as day, depot_key as depot_id, driver_key as driver_id,
  coalesce(stops, 0) as stops, coalesce(orders, 0) as orders,
  coalesce(orders_first_attempt, 0) as first_attempt, coalesce(promised_stops, 0) as promised,
  coalesce(on_time_stops, 0) as on_time, coalesce(route_stops, 0) as visits,
  coalesce(duty_seconds, 0) / 3600 as hours,
  coalesce(driving_seconds / nullif(route_stops, 0), 0) as mean_leg,
  coalesce(planned_service_seconds / nullif(route_stops, 0), 0) as mean_service`;

const STRATUM_KEYS = 'depot_id, weekday, leg_band, service_band';

const STRATUM = `extract(isodow from day) as weekday,
  width_bucket(mean_leg, array[${LEG_BANDS.join(', ')}]::float8[]) as leg_band,
  width_bucket(mean_service, array[${SERVICE_BANDS.join(', ')}]::float8[]) as service_band`;

/** Only the days of the scope are counted; what they are held against is the whole organization. */
function expected({ narrow }: Scope): Sql {
  const within =
    narrow.by === 'depot' || narrow.by === 'driver'
      ? sql`where ${raw(`worked.${narrow.by}_id`)} = ${narrow.id}`
      : raw('');
  return sql`select driver_id, mode() within group (order by depot_id) as depot_id,
      sum(worked.stops) as stops, sum(orders) as orders, sum(first_attempt) as first_attempt,
      sum(worked.promised) as promised, sum(worked.on_time) as on_time,
      sum(worked.visits) as visits, sum(worked.hours) as hours,
      sum(worked.promised * (strata.on_time + ${BORROWED_STOPS} * coalesce(mean.on_time, 0))
        / (strata.promised + ${BORROWED_STOPS})) as expected_on_time,
      sum(worked.hours * (strata.visits + ${BORROWED_HOURS} * coalesce(mean.pace, 0))
        / (strata.hours + ${BORROWED_HOURS})) as expected_visits
    from worked join strata using (${raw(STRATUM_KEYS)}) cross join mean
    ${within} group by driver_id`;
}
