import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';
import { newId } from '@quantumroute/schema/ids';

import { projectBatch } from '../../src/facts/projector.ts';
import { rollUpNext } from '../../src/facts/roll-up.ts';
import { joinAlike } from '../../src/storage/alike-store.ts';
import { changedReports, reportVersions } from '../../src/storage/change-store.ts';
import { forecastReports } from '../../src/storage/forecast-store.ts';
import { claimNextReport } from '../../src/storage/lease-store.ts';
import { countOpenReports, isAnyDue } from '../../src/storage/open-reports.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import {
  expireReports,
  failLostReports,
  sweepableReports,
  sweepRows,
} from '../../src/storage/reconcile-store.ts';
import type { ReportConditions, Viewer } from '../../src/storage/report-queries.ts';
import { findArtifacts, findReports, listReports } from '../../src/storage/report-queries.ts';
import { countUnfinished } from '../../src/storage/request-store.ts';
import { readRowPages } from '../../src/storage/row-pages.ts';
import { findSchedules, lastReportIds, listSchedules } from '../../src/storage/schedule-queries.ts';
import { countSchedules, takeDueSchedule } from '../../src/storage/schedule-store.ts';
import type { NamedStatement } from './figure-statements.ts';
import { ours, PERIOD, PREVIOUS } from './plan-world.ts';
import { recorded } from './recorder.ts';

type Em = ReturnType<Postgres['fork']>;

const { organization: organizationId, report, schedule } = ours;
const viewer: Viewer = { organizationId, partnerId: null, subject: 'person 1' };
const partner: Viewer = { ...viewer, partnerId: ours.partner };
const ALL: ReportConditions = {
  kinds: null,
  statuses: null,
  requestedByMe: false,
  scheduleId: null,
};

/** What the service and its workers ask again and again; all of it is really run. */
const hot: Readonly<Record<string, (em: Em) => Promise<unknown>>> = {
  'a page of reports': (em) => listReports(em, viewer, pageOf(ALL)),
  'a page of reports of a partner': (em) => listReports(em, partner, pageOf(ALL)),
  'a page of running reports': (em) =>
    listReports(em, viewer, pageOf({ ...ALL, statuses: ['RUNNING'] })),
  'a page of my reports': (em) => listReports(em, viewer, pageOf({ ...ALL, requestedByMe: true })),
  'a page of reports of a schedule': (em) =>
    listReports(em, viewer, pageOf({ ...ALL, scheduleId: schedule })),
  'a later page of reports': (em) =>
    listReports(em, viewer, { ...pageOf(ALL), after: { at: new Date(), id: newId() } }),
  'reports by id': (em) => findReports(em, viewer, [report]),
  'files of reports': (em) => findArtifacts(em, [report]),
  'rows of reports': (em) =>
    readRowPages(em, [{ reportId: report, attempt: 1, after: -1, limit: 50 }]),
  'a page of schedules': (em) => listSchedules(em, viewer, { limit: 20, after: null }),
  'schedules by id': (em) => findSchedules(em, viewer, [schedule]),
  'latest reports of schedules': (em) => lastReportIds(em, [schedule]),
  'the number of schedules': (em) => em.transactional((tx) => countSchedules(tx, organizationId)),
  'a schedule that is due': (em) => em.transactional((tx) => takeDueSchedule(tx, [])),
  'the quota': (em) => countUnfinished(em, organizationId),
  'a report alike': (em) => joinAlike(em, alike, 'person 1'),
  'a forecast': (em) => forecastReports(em, [report]),
  'a claim': (em) => claimNextReport(em, { workerId: 'worker', leaseMs: 4_000 }),
  'whether anything is due': isAnyDue,
  'open reports': countOpenReports,
  'lost reports': failLostReports,
  'reports that expire': (em) => expireReports(em, 10),
  'reports to sweep': (em) => sweepableReports(em, 10),
  'rows to sweep': (em) => sweepRows(em, report),
  'versions of reports': (em) => reportVersions(em, [report]),
  'changed reports': (em) =>
    changedReports(em, { organizationId, sinceMs: Date.now() - 60_000, limit: 1_000 }),
  'a batch of events': (em) => projectBatch(em, { limit: 2 }),
  'a day summed up': (em) => rollUpNext(em),
};

const alike = {
  organizationId,
  fingerprint: 'nobody has asked for it',
  covered: [PERIOD, PREVIOUS],
  maxStalenessSeconds: 300,
  standsWithItsDays: true,
} as const;

function pageOf(conditions: ReportConditions) {
  return { conditions, limit: 21, after: null };
}

/** Every statement of theirs, under the name of what it was run for. */
export async function storeStatements(databaseUrl: string): Promise<NamedStatement[]> {
  const found: NamedStatement[] = [];
  let name = '';
  const work = async () => {
    const postgres = await openStorage({
      config: {
        DATABASE_URL: databaseUrl,
        DATABASE_POOL_SIZE: 2,
        DATABASE_STATEMENT_TIMEOUT_MS: 10_000,
      },
      log: createLogger({ service: 'report-test', level: 'silent' }),
      metrics: createMetrics('report-test'),
    });
    for (const [what, run] of Object.entries(hot)) {
      name = what;
      await run(postgres.fork());
    }
    await postgres.close();
  };
  await recorded(work, (statement) => found.push({ ...statement, name }));
  return found;
}
