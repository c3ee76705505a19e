/**
 * How far the events of the route service have become facts, and which days have to be summed again.
 *
 * `projection`: the event read last, and `consumed_until`: what was committed before it is in the
 * facts. `marked_*`: a moment with the transaction that began then; when all older transactions have
 * ended and their events are read, `consumed_until` reaches that moment.
 */
export const projectionTables = [
  `create table report.projection (
    consumer text primary key,
    transaction_id xid8 not null default '0',
    position bigint not null default 0,
    consumed_until timestamptz(3) not null default 'epoch',
    marked_transaction_id xid8,
    marked_at timestamptz(3),
    check ((marked_transaction_id is null) = (marked_at is null))
  ) with (fillfactor = 50)`,
  `insert into report.projection (consumer) values ('facts')`,
  // Events that broke: they are told, counted and kept, and the rest goes on.
  `create table report.set_aside_events (
    transaction_id xid8 not null,
    position bigint not null,
    organization_id uuid not null,
    type text not null,
    subject_id uuid not null,
    body jsonb not null,
    recorded_at timestamptz(3) not null,
    reason text not null,
    set_aside_at timestamptz(3) not null default now(),
    primary key (transaction_id, position)
  )`,
  // `since`: what was committed before it is in the sums of that day.
  `create table report.dirty_days (
    organization_id uuid not null,
    service_date date not null,
    since timestamptz(3) not null,
    primary key (organization_id, service_date)
  ) with (fillfactor = 50)`,
  `create index dirty_days_oldest on report.dirty_days (since)`,
  // Restated: something was recorded about the day more than 24 hours after its end.
  `create table report.day_states (
    organization_id uuid not null,
    service_date date not null,
    computed_at timestamptz(3) not null,
    revision integer not null default 1,
    restated_at timestamptz(3),
    is_restated boolean generated always as (restated_at is not null) stored,
    primary key (organization_id, service_date)
  )`,
  `create index day_states_restated on report.day_states (organization_id, service_date)
    where restated_at is not null`,
];
