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

/** Reports that changed after an instant: of too many the latest, oldest change first. */
export async function changedReports(
  em: EntityManager,
  {
    organizationId,
    without = [],
    sinceMs,
    limit,
  }: {
    /** Null for all organizations, but for those of `without`. */
    organizationId: string | null;
    without?: readonly string[];
    /** Milliseconds since the epoch. */
    sinceMs: number;
    limit: number;
  },
): Promise<ReportUpdated[]> {
  const [which, ids] =
    organizationId === null
      ? [`organization_id <> all(string_to_array(?, ',')::uuid[])`, without.join(',')]
      : ['organization_id = ?', organizationId];
  const rows: EventRow[] = await em.execute(
    `select ${EVENT_COLUMNS} from report.reports
     where ${which} and changed_at > ?::timestamptz
     order by changed_at desc limit ?`,
    [ids, new Date(sinceMs).toISOString(), limit],
  );
  return rows.map(eventOf).toReversed();
}
