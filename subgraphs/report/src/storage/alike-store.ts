import type { EntityManager } from '@mikro-orm/postgresql';

import type { Period } from '../figures/period.ts';

export type Alike = {
  readonly organizationId: string;
  readonly fingerprint: string;
  /** The days that its numbers come from. */
  readonly covered: readonly [Period, Period];
  /** Whether nothing but facts of these days is in it, so that it stands while they do. */
  readonly standsWithItsDays: boolean;
  readonly maxStalenessSeconds: number;
};

/**
 * Finds a report that answers the same request and notes that somebody wants it as well: one that is
 * being made, or a finished one whose numbers would come out the same, or are no older than the
 * caller minds. Names of depots and people are no facts and leave no mark on a day, so that a report
 * is not given again after a day, nor in the last hour in which it can be read. Null also when it was canceled in this moment: who cancels has
 * locked the row.
 */
export async function joinAlike(
  tx: EntityManager,
  alike: Alike,
  requester: string,
): Promise<string | null> {
  const [{ from, to }, compared] = alike.covered;
  const [row]: { id: string }[] = await tx.execute(JOIN_ALIKE, [
    alike.fingerprint,
    alike.organizationId,
    from,
    to,
    compared.from,
    compared.to,
    alike.maxStalenessSeconds,
    alike.standsWithItsDays,
    requester,
  ]);
  return row?.id ?? null;
}

/** Days are only known not to have changed up to where the facts have caught up. */
const JOIN_ALIKE = `
  with asked as (
    select ?::text as fingerprint, ?::uuid as organization_id, ?::date as day_from, ?::date as day_to,
      ?::date as compared_from, ?::date as compared_to,
      now() - ? * interval '1 second' as oldest, ?::boolean as stands),
  found as materialized (
    (select report.id from report.reports report, asked
     where report.fingerprint = asked.fingerprint and report.status in ('REQUESTED', 'RUNNING')
     limit 1)
    union all
    (select report.id from report.reports report, asked
     where report.fingerprint = asked.fingerprint and report.status = 'SUCCEEDED'
       and report.finished_at > now() - interval '1 day' and report.expires_at > now() + interval '1 hour'
       and (report.data_as_of >= asked.oldest
         or asked.stands
           and exists (select from report.projection where consumed_until >= asked.oldest)
           and not exists (select from report.dirty_days day
             where day.organization_id = asked.organization_id and ${isCoveredSql('day')})
           and not exists (select from report.day_states day
             where day.organization_id = asked.organization_id and ${isCoveredSql('day')}
               and day.computed_at > report.data_as_of))
     order by report.finished_at desc limit 1)
    limit 1),
  locked as (
    select id from report.reports
    where id = (select id from found) and status in ('REQUESTED', 'RUNNING', 'SUCCEEDED')
    for key share),
  noted as (
    insert into report.report_requesters (report_id, requester)
    select id, ? from locked on conflict do nothing)
  select id from locked`;

function isCoveredSql(day: string): string {
  return `(${day}.service_date between asked.day_from and asked.day_to
    or ${day}.service_date between asked.compared_from and asked.compared_to)`;
}

/** Notes that somebody wants the report. */
export async function addRequester(
  tx: EntityManager,
  reportId: string,
  requester: string,
): Promise<void> {
  await tx.execute(
    `insert into report.report_requesters (report_id, requester) values (?, ?)
     on conflict do nothing`,
    [reportId, requester],
  );
}
