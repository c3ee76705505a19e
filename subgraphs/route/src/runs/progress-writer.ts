import type { Logger } from '@quantumroute/ops/log';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { PublishRun } from '../live/run-events.ts';
import type { PlanningProgress } from '../planning/threads/run-control.ts';
import { writeProgress } from '../storage/stores/run-leases.ts';
import type { RunFigures, RunHold } from '../storage/stores/run-leases.ts';

const WRITE_EVERY_MS = 500;

/** Writes down how a run is getting on: one write at a time, at most twice a second. */
export function createProgressWriter({
  em,
  run,
  log,
  publish,
}: {
  em: EntityManager;
  run: RunHold;
  log: Logger;
  publish: PublishRun;
}) {
  const startedAt = performance.now();
  let latest: RunFigures = NOTHING_YET;
  let writing: Promise<void> | null = null;
  let writtenAt = -Infinity;
  const write = async () => {
    try {
      const event = await writeProgress(em, run, latest);
      if (event !== null) await publish(event);
    } catch (error) {
      log.warn({ err: error, runId: run.id }, 'progress was not written');
    }
    writing = null;
  };
  return {
    /** What comes between two writes is overtaken by what comes next. */
    report(progress: PlanningProgress): void {
      latest = figuresOf(progress);
      if (writing !== null || performance.now() - writtenAt < WRITE_EVERY_MS) return;
      writtenAt = performance.now();
      writing = write();
    },
    /** The figures as of now, once nothing is being written any more. */
    async settled(): Promise<RunFigures> {
      await writing;
      return { ...latest, elapsedSeconds: (performance.now() - startedAt) / 1000 };
    },
  };
}

const NOTHING_YET: RunFigures = {
  elapsedSeconds: 0,
  bestCost: null,
  assigned: 0,
  unassigned: 0,
  improvements: [],
};

function figuresOf({ cost, improvements, ...progress }: PlanningProgress): RunFigures {
  return {
    elapsedSeconds: progress.elapsedMs / 1000,
    bestCost: cost,
    assigned: progress.assigned,
    unassigned: progress.unassigned,
    improvements: improvements.map((point) => ({
      elapsedSeconds: point.elapsedMs / 1000,
      cost: point.cost,
    })),
  };
}
