/** Sums over the stops of a day; the names are those of `figures/measures.ts`. */
const stopSums = `
  stops integer not null,
  failed_stops integer not null,
  promised_stops integer not null,
  on_time_stops integer not null,
  orders integer not null,
  orders_in_full integer not null,
  orders_otif integer not null,
  orders_first_attempt integer not null,
  in_sequence_stops integer not null,
  timed_stops integer not null,
  dwell_seconds bigint not null,
  detained_stops integer not null,
  detention_seconds bigint not null,
  eta_stops integer not null,
  eta_error_seconds bigint not null,
  early_stops integer not null,
  load_weight_kg double precision not null,
  direct_load_weight_meters double precision not null,
  allocated_cost numeric(16, 4) not null,
  allocated_co2e_grams double precision not null`;

/** Sums over the routes of a day. */
const routeSums = `
  routes integer not null,
  distance_meters bigint not null,
  driving_seconds bigint not null,
  planned_seconds bigint not null,
  duty_seconds bigint not null,
  empty_distance_meters bigint not null,
  cost numeric(16, 2) not null,
  load_weight_meters double precision not null,
  capacity_weight_meters double precision not null,
  route_stops integer not null,
  measured_routes integer not null,
  measured_distance_meters bigint not null,
  measured_planned_distance_meters bigint not null,
  co2e_grams double precision not null`;

const histograms = `
  dwell_histogram integer[] not null,
  eta_error_histogram integer[] not null`;

/**
 * Only counters and histograms that can be added up. The primary keys serve the recomputation of a
 * day; the indexes serve a month of a few drivers, vehicles, depots or partners by one statement.
 */
export const rollUpTables = [
  `create table report.driver_days (
    organization_id uuid not null,
    service_date date not null,
    depot_id uuid not null,
    driver_id uuid not null,
    vehicle_id uuid not null, ${stopSums}, ${routeSums},
    primary key (organization_id, service_date, depot_id, driver_id, vehicle_id)
  )`,
  `create table report.depot_days (
    organization_id uuid not null,
    service_date date not null,
    depot_id uuid not null, ${stopSums}, ${routeSums}, ${histograms},
    primary key (organization_id, service_date, depot_id)
  )`,
  `create table report.partner_days (
    organization_id uuid not null,
    service_date date not null,
    partner_id uuid not null, ${stopSums}, ${histograms},
    primary key (organization_id, service_date, partner_id)
  )`,
  `create index driver_days_of_driver on report.driver_days (organization_id, driver_id, service_date)`,
  `create index driver_days_of_vehicle on report.driver_days (organization_id, vehicle_id, service_date)`,
  `create index depot_days_of_depot on report.depot_days (organization_id, depot_id, service_date)`,
  `create index partner_days_of_partner on report.partner_days (organization_id, partner_id, service_date)`,
  // A day is deleted and written again each time something happens in it.
  ...['driver_days', 'depot_days', 'partner_days'].map(
    (table) => `alter table report.${table} set (autovacuum_vacuum_scale_factor = 0.02,
      autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)`,
  ),
];
