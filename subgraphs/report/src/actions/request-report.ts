import type { EntityManager } from '@mikro-orm/postgresql';

import { RefusedError, idempotent } from '@quantumroute/ops/idempotency';
import type { Identity } from '@quantumroute/ops/identity';
import type { Logger } from '@quantumroute/ops/log';
import { runDetached } from '@quantumroute/ops/request';
import type { UserError } from '@quantumroute/ops/user-errors';
import { userError } from '@quantumroute/ops/user-errors';
import type { ReportUpdated } from '@quantumroute/schema/events';

import type { PublishReport } from '../live/report-events.ts';
import type { ReportQueue } from '../queue/report-queue.ts';
import type { ReportRequestInput } from '../resolvers/schema-types.ts';
import type { Report } from '../storage/report-entity.ts';
import type { Viewer } from '../storage/report-queries.ts';
import { findReports } from '../storage/report-queries.ts';
import type { Admitted, Wanted } from './admit-report.ts';
import { admitReport } from './admit-report.ts';
import type { CheckedRequest } from './check-request.ts';
import { checkRequest } from './check-request.ts';
import { requireExisting } from './require-existing.ts';
import { viewerOf } from './viewer.ts';

export type RequestParts = {
  readonly queue: ReportQueue;
  readonly publish: PublishReport;
  readonly log: Logger;
  readonly quota: number;
};

/**
 * What answers a request. `reused`: it was there already. `stored` is null then, and when an earlier
 * call with the same key had stored it.
 */
type Requested = {
  readonly reportId: string;
  readonly reused: boolean;
  readonly stored: Report | null;
};

/**
 * Stores a request, at most once per key and never beside an equal one, and wakes a worker if one
 * can be reached. A new report is given as it was stored, since a worker may have changed the row by
 * the time of the answer.
 */
export async function requestReport(
  parts: RequestParts,
  { em, identity, input }: { em: EntityManager; identity: Identity; input: ReportRequestInput },
): Promise<Requested | { userErrors: readonly UserError[] }> {
  const viewer = viewerOf(identity);
  const request = checkRequest(input, viewer);
  if ('userErrors' in request) return request;
  const { idempotencyKey: key, ...body } = input;
  let event: ReportUpdated | null = null;
  let stored: Report | null = null;
  try {
    const result = await idempotent(
      { em, identity, operation: 'reportRequest', key, body },
      async (tx) => {
        const admitted = await admit(tx, { viewer, input, ...request, quota: parts.quota });
        event = admitted.event;
        const { reportId } = admitted;
        if (event !== null) [stored = null] = await findReports(tx, viewer, [reportId]);
        return { reportId, reused: event === null };
      },
    );
    if (result.kind === 'reused') {
      return { userErrors: [userError.keyReused(['input', 'idempotencyKey'])] };
    }
    if (event !== null) announce(parts, event);
    return { ...result.value, stored };
  } catch (error) {
    if (error instanceof RefusedError) return { userErrors: error.userErrors };
    throw error;
  }
}

async function admit(
  tx: EntityManager,
  request: { viewer: Viewer; input: ReportRequestInput; checked: CheckedRequest; quota: number },
): Promise<Admitted> {
  const { viewer, checked, quota } = request;
  const { organizationId } = viewer;
  await requireExisting(tx, organizationId, checked);
  const { maxStalenessSeconds } = checked;
  return admitReport(tx, wantedBy(request), { maxStalenessSeconds, quota });
}

function wantedBy(request: {
  viewer: Viewer;
  input: ReportRequestInput;
  checked: CheckedRequest;
}): Wanted {
  const { viewer, input, checked } = request;
  const { organizationId, partnerId, subject: requestedBy } = viewer;
  return {
    organizationId,
    partnerId,
    requestedBy,
    kind: input.kind,
    subjectType: checked.subject.type,
    subjectId: checked.subject.id,
    periodFrom: input.period.from,
    periodTo: input.period.to,
    parameters: checked.parameters,
    formats: checked.formats,
    presentation: checked.presentation,
    scheduleId: null,
  };
}

/** Nobody waits for this: the row is committed, and what is lost here the reconciler finds. */
function announce({ queue, publish, log }: RequestParts, event: ReportUpdated): void {
  runDetached(() => {
    void publish(event);
    queue
      .enqueue([{ reportId: event.reportId, organizationId: event.organizationId }])
      .catch((error: unknown) =>
        log.warn({ err: error, reportId: event.reportId }, 'hint lost, the reconciler finds it'),
      );
  });
}
