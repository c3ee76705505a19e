import { setTimeout as sleep } from 'node:timers/promises';

import { runDetached } from '@quantumroute/ops/request';

import type { OnCanceled } from '../live/cancellations.ts';
import type { Fence } from '../storage/fence.ts';
import { LeaseLostError } from '../storage/fence.ts';
import type { Claimed } from '../storage/lease-store.ts';
import { claimNextReport, failReport, releaseReport, renewLease } from '../storage/lease-store.ts';
import { MAX_ATTEMPTS } from '../storage/queue-order.ts';
import type { Report } from '../storage/report-entity.ts';
import { isResult } from '../storage/result-store.ts';
import { LEASE_MS, startHeartbeat } from './heartbeat.ts';
import type { ProduceParts } from './produce.ts';
import { produce } from './produce.ts';
import { ReportFailure, asReportFailure } from './report-failure.ts';

export type AttemptParts = ProduceParts & {
  readonly workerId: string;
  readonly onCanceled: OnCanceled;
};

/** How an attempt ended. `lost`: somebody else decides about the report now. */
export type Outcome = 'succeeded' | 'failed' | 'released' | 'lost';

/** Reason of an abort by a worker that has to stop: the report goes to another one at once. */
export class WorkerStopping extends Error {}

/** Claims the report whose turn it is and tells so; null when there is nothing to do. */
export async function claim(parts: AttemptParts): Promise<Claimed | null> {
  const { postgres, publish, workerId } = parts;
  const claimed = await claimNextReport(postgres.fork(), { workerId, leaseMs: LEASE_MS });
  if (claimed !== null) await publish(claimed.event);
  return claimed;
}

/** Brings a claimed report to an end, or to its next attempt. Never throws for a report's sake. */
export async function runAttempt(
  parts: AttemptParts,
  report: Report,
  signal: AbortSignal,
): Promise<Outcome> {
  const fence = { reportId: report.id, attempt: report.attempt };
  const running = new AbortController();
  const timeout = setTimeout(() => running.abort(timedOut()), parts.limits.runTimeoutMs);
  const heartbeat = startHeartbeat({
    fence,
    renew: () => runDetached(() => renewLease(parts.postgres.fork(), fence, LEASE_MS)),
    lost: (error) => running.abort(error),
  });
  const deafen = parts.onCanceled(report.id, () => running.abort(new LeaseLostError(fence)));
  try {
    await produce(parts, { report, fence, signal: AbortSignal.any([signal, running.signal]) });
    return 'succeeded';
  } catch (error) {
    return await endUnfinished(parts, report, error);
  } finally {
    clearTimeout(timeout);
    heartbeat.stop();
    deafen();
  }
}

/** Tells what follows an attempt without a result; while the database is away, as long as we may. */
async function endUnfinished(
  parts: AttemptParts,
  report: Report,
  error: unknown,
): Promise<Outcome> {
  const fence = { reportId: report.id, attempt: report.attempt };
  const giveUpAt = performance.now() + LEASE_MS;
  for (;;) {
    try {
      if (error instanceof LeaseLostError) return await forget(parts, fence);
      return await decide(parts, report, error);
    } catch (secondError) {
      if (secondError instanceof LeaseLostError || performance.now() > giveUpAt) {
        // The lease runs out, or has, and another worker goes on.
        parts.log.warn({ err: secondError, ...fence }, 'attempt at a report is left to its lease');
        return await forget(parts, fence);
      }
      await sleep(DECISION_PAUSE_MS);
    }
  }
}

/** Another attempt, or an end without one; every write is fenced as well. */
async function decide(
  { postgres, publish, log }: AttemptParts,
  { id: reportId, attempt, handedOver }: Report,
  error: unknown,
): Promise<Outcome> {
  const fence = { reportId, attempt };
  const number = attempt - handedOver;
  if (error instanceof WorkerStopping) {
    await publish(await releaseReport(postgres.fork(), fence, HANDOVER));
    return 'released';
  }
  const failure = asReportFailure(error);
  const isRetried = failure.worthRetrying && number < MAX_ATTEMPTS;
  const event = isRetried
    ? await releaseReport(postgres.fork(), fence, { delayMs: retryDelayMs(number) })
    : await failReport(postgres.fork(), fence, failure);
  log.warn({ err: failure, ...fence }, 'attempt at a report failed');
  await publish(event);
  return isRetried ? 'released' : 'failed';
}

/**
 * A late worker's files are in nobody's way, but nobody else can know of the latest ones. Unless the
 * result was stored after all and only the answer to COMMIT was lost.
 */
async function forget({ postgres, store, log }: AttemptParts, fence: Fence): Promise<Outcome> {
  const own = `${fence.reportId}/${fence.attempt}-`;
  try {
    if (await isResult(postgres.fork(), fence)) return 'succeeded';
    const keys = await store.keysOf(fence.reportId);
    for (const key of keys) if (key.startsWith(own)) await store.remove(key);
  } catch (error) {
    log.warn({ err: error, ...fence }, 'files of a lost attempt are left to the sweep');
  }
  return 'lost';
}

const DECISION_PAUSE_MS = 250;
const HANDOVER = { delayMs: 0, isHandover: true };

function retryDelayMs(number: number): number {
  return 1_000 * 2 ** (number - 1);
}

function timedOut(): ReportFailure {
  return new ReportFailure('TIMED_OUT', 'The report took longer than allowed');
}
