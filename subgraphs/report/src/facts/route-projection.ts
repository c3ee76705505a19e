import type { EntityManager } from '@mikro-orm/postgresql';

import type { EventRange } from './events.ts';
import { LATEST_OF_TYPE, rangeValues } from './events.ts';
import { projectionStatement } from './fact-columns.ts';

/** What the body of `route.finished` says, under the same names in camel case. */
const BODY = {
  depot_id: 'uuid',
  vehicle_id: 'uuid',
  driver_id: 'uuid',
  service_date: 'date',
  planned_start: 'timestamptz',
  planned_end: 'timestamptz',
  started_at: 'timestamptz',
  ended_at: 'timestamptz',
  distance_meters: 'integer',
  driving_seconds: 'integer',
  service_seconds: 'integer',
  waiting_seconds: 'integer',
  empty_distance_meters: 'integer',
  stop_count: 'integer',
  load_weight_kg: 'double precision',
  capacity_weight_kg: 'double precision',
  load_weight_meters: 'double precision',
  cost: 'numeric',
  currency: 'text',
  experiment_id: 'uuid',
  variant_key: 'text',
} as const;

/** Writes the finished routes of the range with the distance that was measured and its emissions. */
export async function projectRoutes(tx: EntityManager, range: EventRange): Promise<void> {
  await tx.execute(statement, [...rangeValues(range), 'route.finished']);
}

/** 180 km/h. */
const MOST_METERS_PER_SECOND = 50;

/**
 * An odometer counts when it was read near the start and near the end; the difference is what was
 * driven, unless no vehicle can have driven it: an odometer that is exchanged, or begins with zero,
 * would make a route of many thousand kilometres. Data are as good as the weaker of distance and factor: both known is MODELED, the measured
 * consumption of a route would be PRIMARY.
 */
const EMISSIONS = `
  left join fleet_published.vehicles vehicle
    on vehicle.id = body.vehicle_id and vehicle.organization_id = event.organization_id
  left join lateral (
    select (read_at_end.meters - read_at_start.meters)::int as meters
    from (${odometerAt('body.started_at')}) read_at_start,
      (${odometerAt('body.ended_at')}) read_at_end
    where read_at_end.meters > read_at_start.meters
      and read_at_end.meters - read_at_start.meters <= ${MOST_METERS_PER_SECOND}
        * extract(epoch from read_at_end.recorded_at - read_at_start.recorded_at)
  ) driven on true`;

const statement = projectionStatement({
  table: 'route_facts',
  subject: 'route_id',
  body: BODY,
  events: LATEST_OF_TYPE,
  joins: EMISSIONS,
  computed: {
    actual_distance_meters: 'driven.meters',
    energy_carrier: 'vehicle.energy_carrier',
    co2e_grams:
      'coalesce(driven.meters, body.distance_meters) / 1000.0 * vehicle.wtw_grams_co2e_per_km',
    emission_data_quality: `case when vehicle.id is null then null
      when driven.meters is null then 'DEFAULT' else vehicle.emission_data_quality end`,
    factor_set: 'vehicle.factor_set',
  },
});

/** The reading nearest to an instant, a quarter of an hour off at most. */
function odometerAt(instant: string): string {
  return `select odometer_meters as meters, recorded_at from fleet_published.odometer_readings reading
    where reading.vehicle_id = body.vehicle_id
      and reading.organization_id = event.organization_id
      and reading.recorded_at between ${instant} - interval '15 minutes'
        and ${instant} + interval '15 minutes'
    order by abs(extract(epoch from reading.recorded_at - ${instant})) limit 1`;
}
