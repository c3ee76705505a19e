import { Migration } from '@mikro-orm/migrations';

import { idempotencyTableSql } from '@quantumroute/ops/idempotency';

import { initialIndexes } from './initial-indexes.ts';

/**
 * Instants have millisecond precision (timestamptz(3)): JavaScript dates hold no more, and a keyset
 * cursor that lost microseconds would repeat or skip rows.
 */
export class Migration202611230001_tables extends Migration {
  override up(): void {
    this.addSql('create schema if not exists route');
    this.addSql('create extension if not exists pg_trgm');
    this.addSql(plans);
    this.addSql(optimizationRuns);
    this.addSql(routes);
    this.addSql(stops);
    this.addSql(orders);
    this.addSql(orderEvents);
    this.addSql(stopFacts);
    this.addSql(routeFacts);
    for (const index of initialIndexes) this.addSql(index);
    this.addSql(idempotencyTableSql('route'));
  }
}

const plans = `
create table route.plans (
  id uuid primary key,
  organization_id uuid not null,
  depot_id uuid not null,
  service_date date not null,
  status text not null default 'DRAFT' check (status in ('DRAFT', 'PUBLISHED')),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  unique (organization_id, depot_id, service_date)
)`;

const optimizationRuns = `
create table route.optimization_runs (
  id uuid primary key,
  organization_id uuid not null,
  plan_id uuid not null references route.plans (id),
  plan_version integer not null,
  status text not null default 'QUEUED'
    check (status in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED')),
  algorithm text not null,
  seed integer not null,
  time_limit_seconds integer not null check (time_limit_seconds between 1 and 120),
  requested_by text not null,
  requested_at timestamptz(3) not null default now(),
  started_at timestamptz(3),
  heartbeat_at timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  elapsed_seconds double precision not null default 0,
  assigned_count integer not null default 0,
  unassigned_count integer not null default 0,
  proposal jsonb,
  failure text,
  check ((status = 'SUCCEEDED') = (proposal is not null)),
  check ((status = 'FAILED') = (failure is not null)),
  check ((status in ('SUCCEEDED', 'FAILED', 'CANCELED')) = (finished_at is not null))
)`;

const routes = `
create table route.routes (
  id uuid primary key,
  organization_id uuid not null,
  plan_id uuid not null references route.plans (id),
  depot_id uuid not null,
  service_date date not null,
  vehicle_id uuid not null,
  driver_id uuid not null,
  shift_id uuid,
  vehicle_name text not null,
  registration_plate text not null,
  driver_name text not null,
  status text not null default 'PLANNED'
    check (status in ('PLANNED', 'DISPATCHED', 'IN_PROGRESS', 'COMPLETED')),
  planned_start timestamptz(3) not null,
  planned_end timestamptz(3) not null,
  distance_meters integer not null,
  driving_seconds integer not null,
  service_seconds integer not null,
  waiting_seconds integer not null,
  stop_count integer not null,
  load_weight_kg double precision not null,
  capacity_weight_kg double precision not null,
  cost numeric(14, 2) not null,
  currency text not null,
  dispatched_at timestamptz(3),
  started_at timestamptz(3),
  ended_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null default now()
)`;

const stops = `
create table route.stops (
  id uuid primary key,
  organization_id uuid not null,
  route_id uuid not null references route.routes (id) on delete cascade,
  sequence integer not null,
  kind text not null check (kind in ('DROPOFF', 'PICKUP')),
  status text not null default 'PENDING'
    check (status in ('PENDING', 'ARRIVED', 'COMPLETED', 'FAILED')),
  place_name text,
  address_lines text[] not null default '{}',
  postal_code text,
  country_code text not null,
  latitude double precision not null check (latitude between -90 and 90),
  longitude double precision not null check (longitude between -180 and 180),
  instructions text,
  window_start timestamptz(3),
  window_end timestamptz(3),
  planned_arrival timestamptz(3) not null,
  planned_departure timestamptz(3) not null,
  service_seconds integer not null,
  leg_distance_meters integer not null,
  leg_duration_seconds integer not null,
  leg_is_estimated boolean not null,
  arrived_at timestamptz(3),
  departed_at timestamptz(3),
  actual_sequence integer,
  failure_reason text check (failure_reason in ('NOBODY_HOME', 'REFUSED', 'WRONG_ADDRESS',
    'ACCESS_BLOCKED', 'DAMAGED', 'MISSING_ITEM', 'OUT_OF_TIME', 'VEHICLE_BREAKDOWN', 'OTHER')),
  failure_note text,
  proof_captured_at timestamptz(3),
  proof_synced_at timestamptz(3),
  proof_recipient_name text,
  proof_latitude double precision,
  proof_longitude double precision,
  proof_distance_meters integer,
  proof_sha256 text,
  version integer not null default 1,
  unique (route_id, sequence) deferrable initially deferred,
  check ((window_start is null) = (window_end is null)),
  check ((status = 'FAILED') = (failure_reason is not null)),
  check ((status in ('COMPLETED', 'FAILED')) = (departed_at is not null))
)`;

const orders = `
create table route.orders (
  id uuid primary key,
  organization_id uuid not null,
  depot_id uuid not null,
  partner_id uuid,
  tracking_number text not null unique,
  tracking_token text not null unique,
  external_reference text,
  kind text not null check (kind in ('DELIVERY', 'PICKUP')),
  status text not null default 'ACCEPTED' check (status in ('ACCEPTED', 'PLANNED', 'DISPATCHED',
    'DELIVERED', 'PARTIALLY_DELIVERED', 'FAILED', 'CANCELED')),
  service_date date not null,
  priority integer not null check (priority between 0 and 100),
  parcels jsonb not null check (jsonb_array_length(parcels) between 1 and 50),
  load_weight_kg double precision not null,
  load_volume_m3 double precision not null,
  load_parcels integer not null,
  requirements text[] not null default '{}',
  place_name text,
  address_lines text[] not null default '{}',
  postal_code text,
  country_code text not null,
  latitude double precision not null check (latitude between -90 and 90),
  longitude double precision not null check (longitude between -180 and 180),
  instructions text,
  requested_windows jsonb not null default '[]' check (jsonb_array_length(requested_windows) <= 3),
  promised_start timestamptz(3),
  promised_end timestamptz(3),
  service_seconds integer not null,
  stop_id uuid references route.stops (id),
  unassigned_reasons jsonb not null default '[]',
  attempt integer not null default 1,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  search_text text not null generated always as (
    lower(tracking_number || ' ' || coalesce(external_reference, '') || ' ' || coalesce(place_name, ''))
  ) stored,
  check ((promised_start is null) = (promised_end is null)),
  check ((status in ('DELIVERED', 'PARTIALLY_DELIVERED', 'FAILED', 'CANCELED')) = (finished_at is not null)),
  check (status not in ('PLANNED', 'DISPATCHED', 'DELIVERED', 'PARTIALLY_DELIVERED') or stop_id is not null)
)`;

const orderEvents = `
create table route.order_events (
  id uuid primary key,
  organization_id uuid not null,
  order_id uuid not null references route.orders (id),
  type text not null check (type in ('CREATED', 'PLANNED', 'DISPATCHED', 'ARRIVED', 'DELIVERED',
    'PARTIALLY_DELIVERED', 'ATTEMPT_FAILED', 'CANCELED')),
  occurred_at timestamptz(3) not null,
  recorded_at timestamptz(3) not null default now(),
  note text
)`;

const stopFacts = `
create table route.stop_facts (
  stop_id uuid primary key,
  organization_id uuid not null,
  depot_id uuid not null,
  partner_id uuid,
  route_id uuid not null,
  vehicle_id uuid not null,
  driver_id uuid not null,
  service_date date not null,
  kind text not null,
  outcome text not null check (outcome in ('COMPLETED', 'FAILED')),
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
  recorded_at timestamptz(3) not null default now()
)`;

const routeFacts = `
create table route.route_facts (
  route_id uuid primary key,
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
  stop_count integer not null,
  load_weight_kg double precision not null,
  capacity_weight_kg double precision not null,
  cost numeric(14, 2) not null,
  currency text not null,
  recorded_at timestamptz(3) not null default now()
)`;
