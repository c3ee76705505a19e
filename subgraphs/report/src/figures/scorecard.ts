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
    worked as (select ${raw(SUMS)} from (select *, ${raw(STRATUM)}
      from (select ${raw(COLUMNS)} from ${joined}) driver_day) driver_day
      group by driver_id, ${raw(STRATUM_KEYS)}),
    mean as (select sum(on_time) / nullif(sum(promised), 0) as on_time,
      sum(visits) / nullif(sum(hours), 0) as pace from worked),
    judged as (${JUDGED}),
    at_depots as (select driver_id, depot_id, sum(days) as days, ${raw(TOTALS)}
      from judged ${within(scope)} group by driver_id, depot_id),
    expected as (select driver_id, ${raw(TOTALS)},
      (array_agg(depot_id order by days desc, depot_id))[1] as depot_id
      from at_depots group by driver_id),
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

const STRATUM = `(day - date '2000-01-03') % 7 as weekday,
  width_bucket(mean_leg, array[${LEG_BANDS.join(', ')}]::float8[]) as leg_band,
  width_bucket(mean_service, array[${SERVICE_BANDS.join(', ')}]::float8[]) as service_band`;

const COUNTED = ['stops', 'orders', 'first_attempt', 'promised', 'on_time', 'visits', 'hours'];

/** Days of one driver and stratum are expected to be alike: only their sums are compared. */
const SUMS = `driver_id, ${STRATUM_KEYS}, count(*) as days, ${summed(COUNTED)}`;

const TOTALS = summed([...COUNTED, 'expected_on_time', 'expected_visits']);

/** What a driver would have reached at the mean rate of each stratum. */
const JUDGED = sql`select worked.*,
    worked.promised * (sum(worked.on_time) over stratum + ${BORROWED_STOPS} * coalesce(mean.on_time, 0))
      / (sum(worked.promised) over stratum + ${BORROWED_STOPS}) as expected_on_time,
    worked.hours * (sum(worked.visits) over stratum + ${BORROWED_HOURS} * coalesce(mean.pace, 0))
      / (sum(worked.hours) over stratum + ${BORROWED_HOURS}) as expected_visits
  from worked cross join mean
  window stratum as (partition by ${raw(STRATUM_KEYS)})`;

/** Only the days of the scope are counted; what they are held against is the whole organization. */
function within({ narrow }: Scope): Sql {
  return narrow.by === 'depot' || narrow.by === 'driver'
    ? sql`where ${raw(`${narrow.by}_id`)} = ${narrow.id}`
    : raw('');
}

function summed(names: readonly string[]): string {
  return names.map((name) => `sum(${name}) as ${name}`).join(', ');
}
