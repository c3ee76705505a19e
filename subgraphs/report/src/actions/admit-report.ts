import type { EntityManager } from '@mikro-orm/postgresql';

import { RefusedError, userError } from '@quantumroute/ops/user-errors';
import type { ReportUpdated } from '@quantumroute/schema/events';
import { newId } from '@quantumroute/schema/ids';

import type { ReportParameters } from '../figures/parameters.ts';
import { comparedPeriod } from '../figures/period.ts';
import type { Alike } from '../storage/alike-store.ts';
import { addRequester, joinAlike } from '../storage/alike-store.ts';
import type { ReportKind } from '../storage/report-entity.ts';
import type { NewReport } from '../storage/request-store.ts';
import { countUnfinished, insertReport, lockRequests } from '../storage/request-store.ts';
import { fingerprintOf } from './fingerprint.ts';

export type Wanted = Omit<NewReport, 'id' | 'fingerprint' | 'parameters'> & {
  readonly parameters: ReportParameters;
};

export type Admission = {
  /** A finished report may be given again while its numbers are at most so old. */
  readonly maxStalenessSeconds: number;
  /** Unfinished reports that the organization may have; null for a schedule, which cannot wait. */
  readonly quota: number | null;
};

/** The report that answers; `event` is null when it was there already. */
export type Admitted = { readonly reportId: string; readonly event: ReportUpdated | null };

/** Half a typical run: some of the unfinished reports will be done by then. */
const RETRY_AFTER_SECONDS = 10;

/** Finds the report that answers a request, or stores a new one. Throws RefusedError over the quota. */
export async function admitReport(
  tx: EntityManager,
  wanted: Wanted,
  { maxStalenessSeconds, quota }: Admission,
): Promise<Admitted> {
  const { organizationId, requestedBy } = wanted;
  const alike = { ...likenessOf(wanted), maxStalenessSeconds };
  const join = async (): Promise<Admitted | null> => {
    const reportId = await joinAlike(tx, alike, requestedBy);
    return reportId === null ? null : { reportId, event: null };
  };
  const found = await join();
  if (found !== null) return found;
  await lockRequests(tx, organizationId);
  const madeMeanwhile = await join();
  if (madeMeanwhile !== null) return madeMeanwhile;
  if (quota !== null && (await countUnfinished(tx, organizationId)) >= quota) {
    throw new RefusedError([userError.quotaExceeded(['input'], RETRY_AFTER_SECONDS)]);
  }
  const { fingerprint } = alike;
  const event = await insertReport(tx, { ...wanted, id: newId(), fingerprint });
  await addRequester(tx, event.reportId, requestedBy);
  return { reportId: event.reportId, event };
}

/** Shifts, orders and arms of experiments are read as they are, and leave no mark on a day. */
const OF_MORE_THAN_FACTS: readonly ReportKind[] = [
  'FLEET_UTILIZATION',
  'EXPERIMENT_OUTCOME',
  'ORDER_EXPORT',
];

function likenessOf(wanted: Wanted): Omit<Alike, 'maxStalenessSeconds'> {
  const period = { from: wanted.periodFrom, to: wanted.periodTo };
  const compared = comparedPeriod(period, wanted.parameters.compareTo) ?? period;
  return {
    organizationId: wanted.organizationId,
    fingerprint: fingerprintOf(wanted),
    covered: [period, compared],
    standsWithItsDays: !OF_MORE_THAN_FACTS.includes(wanted.kind),
  };
}
