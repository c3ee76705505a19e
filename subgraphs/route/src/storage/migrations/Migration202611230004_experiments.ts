import { Migration } from '@mikro-orm/migrations';

/** Experiments, what their variants planned, and which variant a run, a route and a fact belong to. */
export class Migration202611230004_experiments extends Migration {
  override up(): void {
    this.addSql(experiments);
    this.addSql(unchangeable);
    this.addSql(unchangeableTrigger);
    this.addSql(variantOfRuns);
    this.addSql(runOfRoutes);
    this.addSql(variantOfRouteFacts);
    this.addSql(shadowRuns);
    this.addSql(outcomes);
    for (const index of indexes) this.addSql(index);
    this.addSql(publishedRouteFacts);
    this.addSql(publishedOutcomes);
  }
}

/** `depot_ids`: none means every depot of the organization. */
const experiments = `
create table route.experiments (
  id uuid primary key,
  organization_id uuid not null,
  key text not null,
  hypothesis text not null,
  unit text not null check (unit in ('DEPOT_DAY', 'SHADOW')),
  status text not null default 'DRAFT'
    check (status in ('DRAFT', 'RUNNING', 'PAUSED', 'CONCLUDED')),
  variants jsonb not null check (jsonb_array_length(variants) between 2 and 5),
  depot_ids uuid[] not null default '{}' check (cardinality(depot_ids) <= 20),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  started_at timestamptz(3),
  ended_at timestamptz(3),
  unique (organization_id, key),
  check (status not in ('RUNNING', 'PAUSED') or started_at is not null),
  check ((status = 'CONCLUDED') = (ended_at is not null))
)`;

/** Days that were assigned with other weights could not be compared with later ones. */
const unchangeable = `
create function route.keep_experiment() returns trigger language plpgsql as $$
begin
  raise exception 'An experiment that has been started keeps its key, unit, variants and depots';
end
$$`;

const unchangeableTrigger = `
create trigger keep_experiment before update on route.experiments for each row
when (old.started_at is not null and
  (old.key, old.unit, old.variants, old.depot_ids, old.started_at) is distinct from
  (new.key, new.unit, new.variants, new.depot_ids, new.started_at))
execute function route.keep_experiment()`;

const variantOfRuns = `
alter table route.optimization_runs
  add column experiment_id uuid references route.experiments (id),
  add column variant_key text,
  add check ((experiment_id is null) = (variant_key is null))`;

const runOfRoutes = `
alter table route.routes add column run_id uuid references route.optimization_runs (id)`;

const variantOfRouteFacts = `
alter table route.route_facts
  add column experiment_id uuid,
  add column variant_key text`;

/** `problem`: what the run planned, kept as long as it may still have to be planned. */
const shadowRuns = `
create table route.shadow_runs (
  id uuid primary key,
  organization_id uuid not null,
  run_id uuid not null references route.optimization_runs (id),
  experiment_id uuid not null references route.experiments (id),
  variant_key text not null,
  algorithm text not null,
  status text not null default 'QUEUED'
    check (status in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED')),
  problem bytea,
  attempt integer not null default 0,
  leased_until timestamptz(3),
  queued_at timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  figures jsonb,
  failure text,
  unique (run_id, variant_key),
  check ((status in ('QUEUED', 'RUNNING')) = (problem is not null)),
  check ((status = 'RUNNING') = (leased_until is not null)),
  check ((status in ('SUCCEEDED', 'FAILED', 'CANCELED')) = (finished_at is not null)),
  check ((status = 'SUCCEEDED') = (figures is not null)),
  check ((status = 'FAILED') = (failure is not null))
)`;

/** `run_id`: of the run that the row is about; a shadow has the run that it shadowed. */
const outcomes = `
create table route.experiment_outcomes (
  experiment_id uuid not null references route.experiments (id),
  variant_key text not null,
  depot_id uuid not null,
  service_date date not null,
  organization_id uuid not null,
  unit text not null,
  is_control boolean not null,
  algorithm text not null,
  is_driven boolean not null,
  is_whole_day boolean not null,
  plan_id uuid not null references route.plans (id),
  run_id uuid not null references route.optimization_runs (id),
  cost numeric(14, 2) not null,
  currency text not null,
  distance_meters integer not null,
  duration_seconds integer not null,
  driving_seconds integer not null,
  vehicle_count integer not null,
  assigned_count integer not null,
  unassigned_count integer not null,
  compute_seconds double precision not null,
  recorded_at timestamptz(3) not null default now(),
  primary key (experiment_id, depot_id, service_date, variant_key)
)`;

const indexes = [
  // Query.experiments: newest first
  `create index experiments_newest on route.experiments (organization_id, created_at desc, id desc)`,
  // the experiment of a depot; those that are not concluded
  `create index experiments_open on route.experiments (organization_id)
    where status <> 'CONCLUDED'`,
  // the next shadow, the oldest first; those of an organization
  `create index shadow_runs_live on route.shadow_runs (queued_at, id)
    where status in ('QUEUED', 'RUNNING')`,
  `create index shadow_runs_of_experiment on route.shadow_runs (experiment_id)
    where status in ('QUEUED', 'RUNNING')`,
  // what reports read
  `create index experiment_outcomes_of_day
    on route.experiment_outcomes (organization_id, service_date, depot_id)`,
  `create index route_facts_of_experiment
    on route.route_facts (experiment_id, service_date) where experiment_id is not null`,
];

const publishedRouteFacts = `
create or replace view route_published.route_facts as
select route_id, organization_id, depot_id, vehicle_id, driver_id, service_date, planned_start,
  planned_end, started_at, ended_at, distance_meters, driving_seconds, stop_count, load_weight_kg,
  capacity_weight_kg, cost, currency, recorded_at, experiment_id, variant_key
from route.route_facts`;

const publishedOutcomes = `
create view route_published.experiment_outcomes as
select experiment_id, variant_key, organization_id, depot_id, service_date, unit, is_control,
  algorithm, is_driven, is_whole_day, plan_id, run_id, cost, currency, distance_meters,
  duration_seconds, driving_seconds, vehicle_count, assigned_count, unassigned_count,
  compute_seconds, recorded_at
from route.experiment_outcomes`;
