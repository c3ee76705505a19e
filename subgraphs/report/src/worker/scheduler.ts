import type { Logger } from '@quantumroute/ops/log';
import type { Postgres } from '@quantumroute/ops/postgres';

import { runDueSchedule } from '../actions/run-due-schedule.ts';
import type { PublishReport } from '../live/report-events.ts';
import { takeDueSchedule } from '../storage/schedule-store.ts';

/** More wait for the next round, or for another worker. */
const SCHEDULES_PER_ROUND = 100;

type Parts = {
  readonly postgres: Postgres;
  readonly publish: PublishReport;
  readonly log: Logger;
};

/**
 * Asks for the reports of schedules that are due. Every worker does: a schedule is in the hands of
 * one of them for one transaction. One that fails is in the way of no other, and tried next round.
 */
export async function runDueSchedules({ postgres, publish, log }: Parts): Promise<void> {
  const failed: string[] = [];
  for (let count = 0; count < SCHEDULES_PER_ROUND; count += 1) {
    let scheduleId: string | null = null;
    try {
      const event = await postgres.fork().transactional(async (tx) => {
        const taken = await takeDueSchedule(tx, failed);
        scheduleId = taken?.schedule.id ?? null;
        return taken === null ? null : runDueSchedule(tx, taken);
      });
      if (scheduleId === null) return;
      if (event !== null) await publish(event);
    } catch (error) {
      if (scheduleId === null) throw error;
      failed.push(scheduleId);
      log.warn({ err: error, scheduleId }, 'a schedule could not be run');
    }
  }
}
