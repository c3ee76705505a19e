import { Migration } from '@mikro-orm/migrations';

/**
 * What changed on which day of which depot, noted by triggers in the transaction of the change, so
 * that no writer can forget it: see decision 27. It names things and carries none of them. Kept for
 * a day, for those who follow a day and were away.
 */
export class Migration202611230010_changes extends Migration {
  override up(): void {
    this.addSql(changes);
    for (const { name, on, events, select } of NOTES) {
      this.addSql(`
        create function route.${name}() returns trigger language plpgsql as $$
        begin
          insert into route.changes (${COLUMNS}) ${select};
          return null;
        end $$`);
      for (const event of events) {
        const rows = event === 'delete' ? 'old' : 'new';
        this.addSql(`
          create trigger ${name}_${event} after ${event} on route.${on}
          referencing ${rows} table as changed
          for each statement execute function route.${name}()`);
      }
    }
    this.addSql(runs);
  }
}

const COLUMNS = 'organization_id, depot_id, service_date, kind, subject_id, route_id, driver_id';

const changes = `
  create table route.changes (
    position bigint generated always as identity,
    transaction_id xid8 not null default pg_current_xact_id(),
    organization_id uuid not null,
    depot_id uuid not null,
    service_date date not null,
    kind text not null check (kind in ('ORDER', 'STOP', 'ROUTE', 'RUN', 'PLAN')),
    subject_id uuid not null,
    route_id uuid,
    driver_id uuid,
    recorded_at timestamptz(3) not null default now(),
    primary key (transaction_id, position)
  );
  create index changes_of_day
    on route.changes (organization_id, depot_id, service_date, transaction_id)`;

/** One statement for all rows that a statement changed; days that are imported are no news. */
const NOTES = [
  {
    name: 'note_orders',
    on: 'orders',
    events: ['update'],
    select: `
      select changed.organization_id, changed.depot_id, changed.service_date, 'ORDER', changed.id,
        stop.route_id, null
      from changed left join route.stops stop on stop.id = changed.stop_id`,
  },
  {
    name: 'note_new_orders',
    on: 'orders',
    events: ['insert'],
    select: `
      select organization_id, depot_id, service_date, 'ORDER', id, null, null
      from changed where status = 'ACCEPTED'`,
  },
  {
    name: 'note_stops',
    on: 'stops',
    events: ['update'],
    select: `
      select route.organization_id, route.depot_id, route.service_date, 'STOP', changed.id,
        route.id, route.driver_id
      from changed join route.routes route on route.id = changed.route_id`,
  },
  {
    name: 'note_routes',
    on: 'routes',
    events: ['update'],
    select: `
      select organization_id, depot_id, service_date, 'ROUTE', id, id, driver_id from changed`,
  },
  {
    name: 'note_plans',
    on: 'routes',
    events: ['insert', 'delete'],
    select: `
      select distinct organization_id, depot_id, service_date, 'PLAN', plan_id, null::uuid, null::uuid
      from changed where status = 'PLANNED'`,
  },
] as const;

/** Progress is no change of the day: a row only when the status is another. */
const runs = `
  create function route.note_run() returns trigger language plpgsql as $$
  begin
    insert into route.changes (${COLUMNS})
    select new.organization_id, plan.depot_id, plan.service_date, 'RUN', new.id, null, null
    from route.plans plan where plan.id = new.plan_id;
    return null;
  end $$;
  create trigger note_new_run after insert on route.optimization_runs
  for each row execute function route.note_run();
  create trigger note_run after update on route.optimization_runs
  for each row when (old.status is distinct from new.status) execute function route.note_run()`;
