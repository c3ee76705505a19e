import { setTimeout as sleep } from 'node:timers/promises';

import type { Logger } from '@quantumroute/ops/log';
import type { Postgres } from '@quantumroute/ops/postgres';

import { deleteOldChanges } from '../storage/stores/change-log.ts';
import { adoptRestoredEvents, deleteExpiredEvents } from '../storage/stores/outbox-upkeep.ts';

export type OutboxKeeperOptions = {
  postgres: Postgres;
  log: Logger;
  /** How long it rests when there is nothing to do. */
  restMs?: number;
  /** Rows of one statement: few enough to be in nobody's way. */
  batch?: number;
};

const DEFAULT_REST_MS = 10 * 60_000;
const DEFAULT_BATCH = 2_000;

/** Deletes events and changes whose time is over, and adopts events of a restored dump. Any number of processes may do so. */
export class OutboxKeeper implements AsyncDisposable {
  readonly #options: OutboxKeeperOptions;
  readonly #closing = new AbortController();
  readonly #ended: Promise<void>;

  constructor(options: OutboxKeeperOptions) {
    this.#options = options;
    this.#ended = this.#work();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#ended;
  }

  async #work(): Promise<void> {
    const { log, restMs = DEFAULT_REST_MS } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const isDone = await this.#step().catch((error: unknown) => {
        log.warn({ err: error }, 'the outbox could not be tidied up');
        return true;
      });
      // Aborted: the loop ends.
      if (isDone) await sleep(restMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** True when nothing is left to do for now. */
  async #step(): Promise<boolean> {
    const { postgres, log, batch = DEFAULT_BATCH } = this.#options;
    const adopted = await adoptRestoredEvents(postgres.fork(), batch);
    if (adopted > 0) log.warn({ adopted }, 'events of a restored dump were adopted');
    const deleted = await deleteExpiredEvents(postgres.fork(), batch);
    if (deleted > 0) log.info({ deleted }, 'events whose time was over were deleted');
    const forgotten = await deleteOldChanges(postgres.fork(), batch);
    return adopted < batch && deleted < batch && forgotten < batch;
  }
}
