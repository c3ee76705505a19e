import { Migration } from '@mikro-orm/migrations';

/**
 * What a run is asked for, what it tells while it is computed, and who computes it: a process holds
 * a run until `leased_until`, and whoever finds a live run that nobody holds may take it.
 */
export class Migration202611230003_run_life extends Migration {
  override up(): void {
    this.addSql(columns);
    // Before this, a run belonged to the process that had been asked for it.
    this.addSql('alter table route.optimization_runs drop column heartbeat_at');
    this.addSql(takeable);
  }
}

const columns = `
alter table route.optimization_runs
  add column mode text not null default 'FULL'
    check (mode in ('FULL', 'INSERT', 'RESEQUENCE', 'REPAIR')),
  add column stability double precision not null default 0.5 check (stability between 0 and 1),
  add column objectives jsonb not null default '[]' check (jsonb_typeof(objectives) = 'array'),
  add column locked_route_ids uuid[] not null default '{}',
  add column iteration_limit integer check (iteration_limit > 0),
  add column best_cost double precision,
  add column improvements jsonb not null default '[]' check (jsonb_array_length(improvements) <= 100),
  add column diff jsonb,
  add column version integer not null default 1,
  add column attempt integer not null default 0,
  add column leased_until timestamptz(3),
  add column finish_requested boolean not null default false,
  add check ((status = 'SUCCEEDED') or diff is null)`;

/** The next run of a free thread; the live runs of an organization, for its quota. */
const takeable = `
create index runs_live on route.optimization_runs (organization_id, requested_at)
  where status in ('QUEUED', 'RUNNING')`;
