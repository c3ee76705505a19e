import type { Logger } from '@quantumroute/ops/log';
import type { Postgres } from '@quantumroute/ops/postgres';
import { deleteOldAlerts, noteSilence } from '../storage/stores/alerts.ts';
import { OFFLINE_AFTER_SECONDS } from '../tracking/connectivity.ts';
import type { VehicleAlerted } from './vehicle-alerted.ts';

const EVERY_MS = 30_000;
const MOST_AT_ONCE = 500;
const KEPT_DAYS = 30;

/**
 * Notices vehicles that are not heard of any more, which no position can tell. Any number of
 * processes may look: whoever is first to write it down tells it. Gives what ends it.
 */
export function watchSilence({
  postgres,
  log,
  publish,
  everyMs = EVERY_MS,
}: {
  postgres: Postgres;
  log: Logger;
  publish: (event: VehicleAlerted) => Promise<void>;
  everyMs?: number;
}): { close(): void } {
  const look = async () => {
    try {
      const em = postgres.fork();
      const wanted = { afterSeconds: OFFLINE_AFTER_SECONDS, limit: MOST_AT_ONCE };
      for (const event of await noteSilence(em, wanted)) await publish(event);
      await deleteOldAlerts(em, KEPT_DAYS);
    } catch (error) {
      log.warn({ err: error }, 'vehicles that are silent could not be noticed');
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  return { close: () => clearInterval(timer) };
}
