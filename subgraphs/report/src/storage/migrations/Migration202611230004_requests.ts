import { Migration } from '@mikro-orm/migrations';

import { scheduleTables } from './schedule-tables.ts';

/** One report for equal requests, turns between organizations, and schedules. */
export class Migration202611230004_requests extends Migration {
  override up(): void {
    for (const statement of [...scheduleTables, ...fingerprints, ...requesters, ...turns]) {
      this.addSql(statement);
    }
  }
}

/** Reports from before are like no other: each gets a fingerprint that nobody can compute. */
const fingerprints = [
  `alter table report.reports
    add column fingerprint text not null default gen_random_uuid()::text,
    add column schedule_id uuid references report.schedules (id) on delete set null`,
  `create unique index reports_unfinished_alike on report.reports (fingerprint)
    where status in ('REQUESTED', 'RUNNING')`,
  `create index reports_alike on report.reports (fingerprint, finished_at)
    where status = 'SUCCEEDED'`,
  // how long reports of a kind took
  `create index reports_succeeded on report.reports (organization_id, kind, finished_at)
    where status = 'SUCCEEDED' and attempt = 1`,
  `create index reports_of_schedule on report.reports (schedule_id) where schedule_id is not null`,
];

/** Who wants a report: several people may have asked for the same one. */
const requesters = [
  `create table report.report_requesters (
    report_id uuid not null references report.reports (id) on delete cascade,
    requester text not null,
    primary key (report_id, requester)
  )`,
  // reports: requestedByMe
  `create index report_requesters_of_person on report.report_requesters (requester)`,
  `insert into report.report_requesters (report_id, requester)
    select id, requested_by from report.reports`,
];

/** When a report of each organization was last taken by a worker. */
const turns = [
  `create table report.organization_turns (
    organization_id uuid primary key,
    served_at timestamptz not null
  ) with (fillfactor = 50)`,
];
