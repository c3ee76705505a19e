import { Migration } from '@mikro-orm/migrations';

import { idempotencyTableSql } from '@quantumroute/ops/idempotency';

/**
 * Instants have millisecond precision (timestamptz(3)): JavaScript dates hold no more, and a keyset
 * cursor that lost microseconds would repeat or skip rows.
 */
export class Migration202611230001_tables extends Migration {
  override up(): void {
    this.addSql('create schema if not exists report');
    this.addSql(reports);
    this.addSql(reportRows);
    this.addSql(reportArtifacts);
    for (const index of indexes) this.addSql(index);
    this.addSql(idempotencyTableSql('report'));
  }
}

/**
 * `attempt` is the fence: a worker may write only while the number that it claimed is still here.
 * `swept`: false while files or rows of other attempts may be left behind.
 */
const reports = `
create table report.reports (
  id uuid primary key,
  organization_id uuid not null,
  partner_id uuid,
  requested_by text not null,
  kind text not null,
  subject_type text not null check (subject_type in ('organization', 'partner', 'depot')),
  subject_id uuid not null,
  period_from date not null,
  period_to date not null,
  parameters jsonb not null,
  formats text[] not null,
  status text not null default 'REQUESTED' check (status in
    ('REQUESTED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED', 'EXPIRED')),
  phase text not null default 'WAITING' check (phase in
    ('WAITING', 'READING', 'AGGREGATING', 'RENDERING', 'STORING', 'DONE')),
  ratio double precision not null default 0 check (ratio between 0 and 1),
  rows_read bigint not null default 0,
  attempt integer not null default 0,
  worker_id text,
  lease_until timestamptz(3),
  heartbeat_at timestamptz(3),
  data_as_of timestamptz(3),
  columns jsonb not null default '[]',
  totals jsonb not null default '[]',
  charts jsonb not null default '[]',
  failure_code text check (failure_code in
    ('TOO_LARGE', 'TIMED_OUT', 'WORKER_LOST', 'STORE_UNAVAILABLE', 'INTERNAL')),
  failure_message text,
  failure_retryable boolean,
  version integer not null default 1,
  requested_at timestamptz(3) not null default now(),
  started_at timestamptz(3),
  finished_at timestamptz(3),
  expires_at timestamptz(3),
  changed_at timestamptz(3) not null default now(),
  swept boolean not null default true,
  check (period_from <= period_to),
  check ((status = 'FAILED') = (failure_code is not null)),
  check ((status = 'RUNNING') = (lease_until is not null)),
  check ((status in ('SUCCEEDED', 'FAILED', 'CANCELED', 'EXPIRED')) = (finished_at is not null))
)`;

const reportRows = `
create table report.report_rows (
  report_id uuid not null references report.reports (id) on delete cascade,
  attempt integer not null,
  ordinal integer not null,
  cells jsonb not null,
  primary key (report_id, attempt, ordinal)
)`;

const reportArtifacts = `
create table report.report_artifacts (
  id uuid primary key,
  report_id uuid not null references report.reports (id) on delete cascade,
  attempt integer not null,
  format text not null check (format in ('CSV', 'HTML')),
  file_name text not null,
  store_key text not null unique,
  byte_size bigint not null,
  row_count integer not null,
  sha256 text not null,
  unique (report_id, format)
)`;

/** Each index names the question it answers. */
const indexes = [
  // reports: newest first, of an organization and of one partner
  `create index reports_newest on report.reports (organization_id, requested_at desc, id desc)`,
  `create index reports_newest_of_partner on report.reports (partner_id, requested_at desc, id desc)
    where partner_id is not null`,
  // the quota of an organization, and what is open at all
  `create index reports_open on report.reports (organization_id)
    where status in ('REQUESTED', 'RUNNING')`,
  // the reconciler: what waits longest, whose lease ran out
  `create index reports_waiting on report.reports (requested_at) where status = 'REQUESTED'`,
  `create index reports_leases on report.reports (lease_until) where status = 'RUNNING'`,
  // retention
  `create index reports_expiring on report.reports (expires_at) where status = 'SUCCEEDED'`,
  // what is left of lost attempts and of expired reports
  `create index reports_unswept on report.reports (changed_at) where not swept`,
  // subscribers of an organization catch up after a gap
  `create index reports_changed on report.reports (organization_id, changed_at)`,
];
