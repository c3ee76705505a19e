/** A report is tried so many times, handovers not counted; then it is FAILED. */
export const MAX_ATTEMPTS = 3;

/** Whether a report waits for a worker: it was asked for, or the lease of its attempt has ended. */
export function isDueSql(report: string): string {
  return `(${report}.attempt - ${report}.handed_over < ${MAX_ATTEMPTS}
    and (${report}.status = 'REQUESTED'
      or (${report}.status = 'RUNNING' and ${report}.lease_until < now())))`;
}

/**
 * The reports that wait, each with its `place`: 1 is next. What was begun goes on before anything
 * new begins, so that a report that lost its worker waits for no more than the next free place; three
 * attempts bound what it can take from others. Then organizations take turns. Next is the one with
 * the fewest running reports, of equals the one that was served longest ago; and of its reports the
 * one that was asked for first.
 */
export const queueSql = `
  select waiting.id, waiting.organization_id, row_number() over (
    order by waiting.was_begun desc, waiting.turn + coalesce(busy.running, 0),
      turns.served_at nulls first, waiting.requested_at, waiting.id)::int as place
  from (
    select due.id, due.organization_id, due.requested_at, due.status = 'RUNNING' as was_begun,
      row_number() over (partition by due.organization_id
        order by due.status = 'RUNNING' desc, due.requested_at, due.id) as turn
    from report.reports due where ${isDueSql('due')}) waiting
  left join (
    select running.organization_id, count(*) as running from report.reports running
    where running.status = 'RUNNING' and running.lease_until >= now()
      and running.worker_id is not null
    group by running.organization_id) busy on busy.organization_id = waiting.organization_id
  left join report.organization_turns turns on turns.organization_id = waiting.organization_id`;
