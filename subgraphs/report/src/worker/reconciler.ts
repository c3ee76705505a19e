import type { Logger } from '@quantumroute/ops/log';
import type { Postgres } from '@quantumroute/ops/postgres';

import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { PublishReport } from '../live/report-events.ts';
import {
  expireReports,
  failLostReports,
  sweepRows,
  sweepableReports,
} from '../storage/reconcile-store.ts';
import { runDueSchedules } from './scheduler.ts';

export type ReconcilerParts = {
  readonly postgres: Postgres;
  readonly store: ArtifactStore;
  readonly publish: PublishReport;
  readonly log: Logger;
  /** Takes what waits although no hint came for it, as far as there is place. */
  readonly takeDue: () => Promise<void>;
};

const INTERVAL_MS = 750;
const EXPIRIES_PER_ROUND = 200;
const SWEEPS_PER_ROUND = 20;

/**
 * Finds by the rows what queue, workers and subscribers have lost. Every worker runs it: each step
 * is harmless when it is done twice. Steps fail on their own, so that one outage stops one step.
 */
export function startReconciler(parts: ReconcilerParts): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();
  const next = () => {
    round = reconcile(parts).finally(() => {
      if (!stopped) timer = setTimeout(next, INTERVAL_MS);
    });
  };
  next();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await round;
    },
  };
}

/** One round. */
export async function reconcile(parts: ReconcilerParts): Promise<void> {
  const { postgres, publish } = parts;
  await step(parts, 'fail lost reports', async () => {
    await Promise.all((await failLostReports(postgres.fork())).map(publish));
  });
  await step(parts, 'run due schedules', () => runDueSchedules(parts));
  await step(parts, 'take due reports', parts.takeDue);
  await step(parts, 'expire reports', async () => {
    await Promise.all((await expireReports(postgres.fork(), EXPIRIES_PER_ROUND)).map(publish));
  });
  await step(parts, 'sweep reports', () => sweep(parts));
}

/** A report that cannot be swept is in the way of no other. */
async function sweep(parts: ReconcilerParts): Promise<void> {
  const { postgres, store } = parts;
  for (const { reportId, keep } of await sweepableReports(postgres.fork(), SWEEPS_PER_ROUND)) {
    await step(parts, `sweep report ${reportId}`, async () => {
      for (const key of await store.keysOf(reportId)) {
        if (!keep.includes(key)) await store.remove(key);
      }
      // What is left over is found in the next round.
      await sweepRows(postgres.fork(), reportId);
    });
  }
}

async function step(
  { log }: ReconcilerParts,
  name: string,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    log.warn({ err: error, step: name }, 'a step of the reconciler failed');
  }
}
