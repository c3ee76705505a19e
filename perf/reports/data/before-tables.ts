/**
 * The world before: stops as they were planned, and what happened to them as events. Unlogged: a
 * crash empties them, and then the bench builds everything again.
 */
export const beforeTables = [
  'create schema bench',
  `create unlogged table bench.stops (
    id uuid not null,
    organization_id uuid not null,
    depot_id uuid not null,
    partner_id uuid,
    route_id uuid not null,
    vehicle_id uuid not null,
    driver_id uuid not null,
    sequence integer not null,
    window_start timestamptz not null,
    window_end timestamptz not null,
    planned_arrival timestamptz not null,
    service_seconds integer not null,
    leg_distance_meters integer not null,
    leg_duration_seconds integer not null,
    direct_distance_meters integer not null,
    load_weight_kg double precision not null
  )`,
  `create unlogged table bench.stop_events (
    id bigint not null,
    stop_id uuid not null,
    type text not null,
    occurred_at timestamptz not null
  )`,
];

/** Made when the rows are there; the last one is what the second step is about. */
export const beforeIndexes = [
  'alter table bench.stops add primary key (id)',
  'create index stop_events_of_stop on bench.stop_events (stop_id)',
  'create index stops_of_day on bench.stops (organization_id, planned_arrival)',
];

/** Written last: what is not listed here is not complete. */
export const builtMark = 'create unlogged table bench.built as select now() as built_at';
