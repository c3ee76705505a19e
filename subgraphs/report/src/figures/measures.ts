import { detentionSeconds, stopConditions } from './stop-conditions.ts';

/**
 * What is counted, once: over one finished stop (`f` is a row of report.stop_facts) or route (`r` of
 * report.route_facts). Each is a column of the roll-ups, and adds up: the sum over the sums of days is
 * the sum over their facts. Everything that is shown is made of these.
 */
export const measures = {
  stops: stops('count(*)'),
  failed_stops: stops(`count(*) filter (where ${stopConditions.FAILED})`),
  promised_stops: stops('count(f.on_time)'),
  on_time_stops: stops('count(*) filter (where f.on_time)'),
  orders: stops('sum(f.order_count)'),
  orders_in_full: stops('sum(f.orders_in_full)'),
  orders_otif: stops('sum(f.orders_otif)'),
  orders_first_attempt: stops('sum(f.orders_first_attempt)'),
  in_sequence_stops: stops('count(*) filter (where f.actual_sequence = f.planned_sequence)'),
  timed_stops: stops('count(f.dwell_seconds)'),
  dwell_seconds: stops('sum(f.dwell_seconds)'),
  detained_stops: stops(`count(*) filter (where ${stopConditions.DETAINED})`),
  detention_seconds: stops(`sum(${detentionSeconds}) filter (where ${stopConditions.DETAINED})`),
  eta_stops: stops('count(f.eta_error_seconds)'),
  eta_error_seconds: stops('sum(abs(f.eta_error_seconds))'),
  early_stops: stops('count(*) filter (where f.arrived_at < f.window_start)'),
  late_stops: stops(`count(*) filter (where ${stopConditions.LATE})`),
  timed_service_seconds: stops('sum(f.service_seconds) filter (where f.dwell_seconds is not null)'),
  eta_bias_seconds: stops('sum(f.eta_error_seconds)'),
  eta_within_stops: stops('count(*) filter (where abs(f.eta_error_seconds) <= 900)'),
  load_weight_kg: stops('sum(f.load_weight_kg)'),
  direct_load_weight_meters: stops('sum(f.load_weight_kg * f.direct_distance_meters)'),
  allocated_cost: stops('sum(f.allocated_cost)'),
  costed_stops: stops('count(f.allocated_cost)'),
  costed_orders: stops('sum(f.order_count) filter (where f.allocated_cost is not null)'),
  allocated_co2e_grams: stops('sum(f.allocated_co2e_grams)'),
  emitting_load_weight_meters: stops(
    'sum(f.load_weight_kg * f.direct_distance_meters) filter (where f.allocated_co2e_grams is not null)',
  ),
  dwell_histogram: histogram('f.dwell_seconds'),
  eta_error_histogram: histogram('abs(f.eta_error_seconds)'),

  routes: routes('count(*)'),
  distance_meters: routes('sum(r.distance_meters)'),
  driving_seconds: routes('sum(r.driving_seconds)'),
  planned_seconds: routes('sum(extract(epoch from r.planned_end - r.planned_start)::int)'),
  duty_seconds: routes('sum(extract(epoch from r.ended_at - r.started_at)::int)'),
  empty_distance_meters: routes('sum(r.empty_distance_meters)'),
  cost: routes('sum(r.cost)'),
  load_weight_meters: routes('sum(r.load_weight_meters)'),
  capacity_weight_meters: routes('sum(r.capacity_weight_kg * r.distance_meters)'),
  route_stops: routes('sum(r.stop_count)'),
  measured_routes: routes('count(r.actual_distance_meters)'),
  measured_distance_meters: routes('sum(r.actual_distance_meters)'),
  measured_planned_distance_meters: routes(
    'sum(r.distance_meters) filter (where r.actual_distance_meters is not null)',
  ),
  planned_service_seconds: routes('sum(r.service_seconds)'),
  co2e_grams: routes('sum(r.co2e_grams)'),
  modeled_co2e_grams: routes(
    `sum(r.co2e_grams) filter (where r.emission_data_quality <> 'DEFAULT')`,
  ),
} as const satisfies Record<string, Measure>;

export type MeasureName = keyof typeof measures;

/** `sql`: over the facts of one group. A histogram is an array of counts, all others are numbers. */
export type Measure = {
  readonly facts: 'stops' | 'routes';
  readonly sql: string;
  readonly histogram?: true;
};

export const measureNames = Object.keys(measures) as MeasureName[];

/** The measure over rows of a roll-up (`d`), where it is a column that adds up. */
export function summed(name: MeasureName): string {
  const measure: Measure = measures[name];
  return measure.histogram === true ? `report.histogram_sum(d.${name})` : `sum(d.${name})`;
}

function stops<S extends string>(sql: S) {
  return { facts: 'stops', sql } as const;
}

function histogram(seconds: string) {
  const sql = `report.histogram_of(array_agg(report.histogram_bucket(${seconds})))`;
  return { facts: 'stops', sql, histogram: true } as const;
}

function routes<S extends string>(sql: S) {
  return { facts: 'routes', sql } as const;
}
