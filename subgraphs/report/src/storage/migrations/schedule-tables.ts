/** `starts_at` is the DTSTART of the rule; `next_run_at` is null while paused and after the end. */
export const scheduleTables = [
  `create table report.schedules (
    id uuid primary key,
    organization_id uuid not null,
    partner_id uuid,
    created_by text not null,
    name text not null,
    kind text not null,
    subject_type text not null check (subject_type in ('organization', 'partner', 'depot')),
    subject_id uuid not null,
    period text not null check (period in
      ('PREVIOUS_DAY', 'PREVIOUS_WEEK', 'PREVIOUS_MONTH', 'MONTH_TO_DATE')),
    parameters jsonb not null,
    formats text[] not null,
    locale text not null,
    unit_system text not null check (unit_system in ('METRIC', 'IMPERIAL')),
    rrule text not null,
    time_zone text not null,
    starts_at timestamptz(3) not null,
    is_paused boolean not null default false,
    next_run_at timestamptz(3),
    skipped_occurrences integer not null default 0,
    version integer not null default 1,
    created_at timestamptz(3) not null default now(),
    check (not is_paused or next_run_at is null)
  )`,
  // reportSchedules: newest first
  `create index schedules_newest on report.schedules (organization_id, created_at desc, id desc)`,
  // the scheduler: what is due
  `create index schedules_due on report.schedules (next_run_at) where next_run_at is not null`,
  // An occurrence has one report, however many workers look at the clock.
  `create table report.schedule_occurrences (
    schedule_id uuid not null references report.schedules (id) on delete cascade,
    occurs_at timestamptz(3) not null,
    report_id uuid not null references report.reports (id) on delete cascade,
    primary key (schedule_id, occurs_at)
  )`,
  `create index schedule_occurrences_of_report on report.schedule_occurrences (report_id)`,
];
