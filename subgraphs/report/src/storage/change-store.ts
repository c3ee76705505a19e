import type { EntityManager } from '@mikro-orm/postgresql';

import type { ReportUpdated } from '@quantumroute/schema/events';

import type { EventRow } from './report-event.ts';
import { EVENT_COLUMNS, eventOf } from './report-event.ts';

/** The present version of each report, as events. */
export async function reportVersions(
  em: EntityManager,
  reportIds: readonly string[],
): Promise<ReportUpdated[]> {
  if (reportIds.length === 0) return [];
  const rows: EventRow[] = await em.execute(
    `select ${EVENT_COLUMNS} from report.reports
     where id = any(string_to_array(?, ',')::uuid[])`,
    [reportIds.join(',')],
  );
  return rows.map(eventOf);
}

/** Reports of the organizations that changed lately, oldest change first. */
export async function changedReports(
  em: EntityManager,
  { organizationIds, withinMs }: { organizationIds: readonly string[]; withinMs: number },
): Promise<ReportUpdated[]> {
  if (organizationIds.length === 0) return [];
  const rows: EventRow[] = await em.execute(
    `select ${EVENT_COLUMNS} from report.reports
     where organization_id = any(string_to_array(?, ',')::uuid[])
       and changed_at > now() - ? * interval '1 millisecond'
     order by changed_at`,
    [organizationIds.join(','), withinMs],
  );
  return rows.map(eventOf);
}
