import { addListener } from '@quantumroute/ops/listeners';
import type { Listeners } from '@quantumroute/ops/listeners';
import type { Logger } from '@quantumroute/ops/log';
import type { Postgres } from '@quantumroute/ops/postgres';
import { createSafetyNet } from '@quantumroute/ops/safety-net';
import type { RunUpdated } from '@quantumroute/schema/events';

import { runVersions } from '../storage/stores/run-queries.ts';

/** Who watches runs in this process. */
export type RunChanges = {
  /** Gives what stops the listening. Events may come twice, and late; versions tell. */
  ofRun(runId: string, listener: (event: RunUpdated) => void): () => void;
  /** An event has arrived. */
  tell(event: RunUpdated): void;
  /** Events may have been missed: reads the versions from the rows. */
  catchUp(): Promise<void>;
  close(): void;
};

const SAFETY_NET_MS = 3_000;

/**
 * Fans events out to subscribers. Redis forgets what it could not deliver, so the rows are looked at
 * as well, every few seconds and after each gap, with one statement for all subscribers together.
 */
export function createRunChanges({
  postgres,
  log,
}: {
  postgres: Postgres;
  log: Logger;
}): RunChanges {
  const byRun: Listeners<RunUpdated> = new Map();
  const tell = (event: RunUpdated) => {
    for (const listener of byRun.get(event.runId) ?? []) listener(event);
  };
  const net = createSafetyNet({
    everyMs: SAFETY_NET_MS,
    async look() {
      if (byRun.size === 0) return;
      for (const event of await runVersions(postgres.fork(), [...byRun.keys()])) tell(event);
    },
    onFailure: (error) => log.warn({ err: error }, 'subscribers of runs could not catch up'),
  });
  return {
    ofRun: (runId, listener) => addListener(byRun, runId, listener),
    tell,
    catchUp: net.look,
    close: net.close,
  };
}
