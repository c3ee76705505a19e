/**
 * One row per finished stop and per finished route. `event_position`: of the event that the row comes
 * from; an older event of the same subject changes nothing. `revision` counts corrections.
 * `allocated_*`: the stop's share of its route, written when the route has ended.
 */
export const factTables = [
  `create table report.stop_facts (
    stop_id uuid not null,
    organization_id uuid not null,
    depot_id uuid not null,
    partner_id uuid,
    route_id uuid not null,
    vehicle_id uuid not null,
    driver_id uuid not null,
    service_date date not null,
    kind text not null,
    outcome text not null check (outcome in ('COMPLETED', 'FAILED')),
    failure_reason text,
    window_start timestamptz(3),
    window_end timestamptz(3),
    planned_arrival timestamptz(3) not null,
    arrived_at timestamptz(3),
    departed_at timestamptz(3),
    on_time boolean,
    order_count integer not null,
    orders_in_full integer not null,
    orders_otif integer not null,
    orders_first_attempt integer not null,
    dwell_seconds integer,
    planned_sequence integer not null,
    actual_sequence integer not null,
    service_seconds integer not null,
    leg_distance_meters integer not null,
    leg_duration_seconds integer not null,
    direct_distance_meters integer not null,
    load_weight_kg double precision not null,
    eta_error_seconds integer,
    recorded_at timestamptz(3) not null,
    event_position bigint not null default 0,
    revision integer not null default 1,
    allocated_cost numeric(14, 4),
    allocated_co2e_grams double precision,
    primary key (service_date, stop_id)
  ) partition by range (service_date)`,
  `create table report.route_facts (
    route_id uuid not null,
    organization_id uuid not null,
    depot_id uuid not null,
    vehicle_id uuid not null,
    driver_id uuid not null,
    service_date date not null,
    planned_start timestamptz(3) not null,
    planned_end timestamptz(3) not null,
    started_at timestamptz(3) not null,
    ended_at timestamptz(3) not null,
    distance_meters integer not null,
    driving_seconds integer not null,
    service_seconds integer not null,
    waiting_seconds integer not null,
    empty_distance_meters integer not null,
    stop_count integer not null,
    load_weight_kg double precision not null,
    capacity_weight_kg double precision not null,
    load_weight_meters double precision not null,
    cost numeric(14, 2) not null,
    currency text not null,
    experiment_id uuid,
    variant_key text,
    recorded_at timestamptz(3) not null,
    event_position bigint not null default 0,
    revision integer not null default 1,
    actual_distance_meters integer,
    energy_carrier text,
    co2e_grams double precision,
    emission_data_quality text check (emission_data_quality in ('PRIMARY', 'MODELED', 'DEFAULT')),
    factor_set text,
    primary key (service_date, route_id)
  ) partition by range (service_date)`,
];

/**
 * The first index of each table carries everything that is counted, so that a report of an
 * organization's days never touches the rows themselves; the others lead to few rows.
 */
export const factIndexes = [
  `create index stop_facts_counted on report.stop_facts (organization_id, service_date, depot_id)
    include (driver_id, vehicle_id, partner_id, outcome, on_time, order_count, orders_in_full,
      orders_otif, orders_first_attempt, dwell_seconds, service_seconds, planned_sequence,
      actual_sequence, window_start, arrived_at, eta_error_seconds, load_weight_kg,
      direct_distance_meters, allocated_cost, allocated_co2e_grams)`,
  `create index stop_facts_of_partner on report.stop_facts (organization_id, partner_id, service_date)
    where partner_id is not null`,
  `create index stop_facts_of_driver on report.stop_facts (organization_id, driver_id, service_date)`,
  `create index stop_facts_of_vehicle on report.stop_facts (organization_id, vehicle_id, service_date)`,
  // the stops that share a route's cost
  `create index stop_facts_of_route on report.stop_facts (route_id, service_date)`,
  `create index route_facts_counted on report.route_facts (organization_id, service_date, depot_id)
    include (driver_id, vehicle_id, distance_meters, driving_seconds, planned_start, planned_end,
      started_at, ended_at, empty_distance_meters, cost, load_weight_meters, capacity_weight_kg,
      stop_count, service_seconds, actual_distance_meters, co2e_grams, energy_carrier, emission_data_quality)`,
  `create index route_facts_of_driver on report.route_facts (organization_id, driver_id, service_date)`,
  `create index route_facts_of_vehicle on report.route_facts (organization_id, vehicle_id, service_date)`,
  `create index route_facts_of_experiment on report.route_facts (experiment_id, service_date)
    where experiment_id is not null`,
];

/**
 * Which months there are. A closed month takes no facts any more: it is on its way into the archive,
 * in the folder `archive_id` of the store. `attempt` is the fence of the worker that brings it there.
 */
export const factMonths = [
  `create table report.fact_months (
    month date primary key check (extract(day from month) = 1),
    opened_at timestamptz(3) not null default now(),
    closed_at timestamptz(3),
    archived_at timestamptz(3) check (archived_at >= closed_at),
    archive_id uuid not null unique default gen_random_uuid(),
    attempt integer not null default 0,
    lease_until timestamptz(3)
  )`,
  `create table report.fact_archives (
    month date not null references report.fact_months (month),
    facts text not null check (facts in ('stop_facts', 'route_facts')),
    store_key text not null unique,
    sha256 text not null,
    byte_size bigint not null,
    row_count bigint not null,
    archived_at timestamptz(3) not null default now(),
    primary key (month, facts)
  )`,
  // Attaching locks nobody out who reads or writes other months; `create table … partition of` would.
  // Facts are written once and hardly changed: they are vacuumed early, so that the visibility map
  // lets index-only scans be what they are called. A day that cannot be meant opens nothing.
  `create function report.open_fact_month(day date) returns void language plpgsql as $$
   declare
     opened date := date_trunc('month', day)::date;
     closed timestamptz;
     facts text;
     name text;
   begin
     select closed_at into closed from report.fact_months where month = opened;
     if closed is not null then
       raise 'The facts of % are in the archive', to_char(opened, 'YYYY-MM') using errcode = 'data_exception';
     end if;
     if found then return; end if;
     if day is null or day < '2000-01-01' or day > current_date + 400 then
       raise 'A service date between 2000 and next year is needed, got %', day using errcode = 'data_exception';
     end if;
     perform pg_advisory_xact_lock(hashtext('report.fact_months'));
     insert into report.fact_months (month) values (opened) on conflict do nothing;
     if not found then return; end if;
     foreach facts in array array['stop_facts', 'route_facts'] loop
       name := facts || to_char(opened, '_YYYY_MM');
       execute format('create table report.%I (like report.%I including all)', name, facts);
       execute format('alter table report.%I set (autovacuum_vacuum_insert_scale_factor = 0.02,
         autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)', name);
       execute format('alter table report.%I attach partition report.%I for values from (%L) to (%L)',
         facts, name, opened, opened + interval '1 month');
     end loop;
   end $$`,
];
