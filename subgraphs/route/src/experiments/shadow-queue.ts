import type { Logger } from '@quantumroute/ops/log';
import type { Postgres } from '@quantumroute/ops/postgres';

import { claimShadow, giveUpShadows } from '../storage/stores/shadow-writes.ts';
import { computeShadow } from './shadow-execution.ts';

export type ShadowQueueOptions = {
  postgres: Postgres;
  log: Logger;
  /** True while this process has something more urgent to compute: shadows wait for the end of it. */
  isBusy: () => boolean;
  /** Threads that a shadow takes: as many as a run, so that they can be compared. */
  islands: number;
  /** How long it rests when there is nothing to do. */
  pollMs?: number;
};

const DEFAULT_POLL_MS = 5_000;
const LOOK_EVERY_MS = 200;

/** Plans shadows, one at a time, while nothing else is computed here; any process may take any of them. */
export class ShadowQueue implements AsyncDisposable {
  readonly #options: ShadowQueueOptions;
  readonly #closing = new AbortController();
  readonly #ended: Promise<void>;

  constructor(options: ShadowQueueOptions) {
    this.#options = options;
    this.#ended = this.#work();
  }

  /** The shadow that is being planned goes back into the queue. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#ended;
  }

  async #work(): Promise<void> {
    const { log, pollMs = DEFAULT_POLL_MS } = this.#options;
    while (!this.#closing.signal.aborted) {
      const hasPlanned = await this.#planNext().catch((error: unknown) => {
        log.warn({ err: error }, 'no shadow could be planned');
        return false;
      });
      if (!hasPlanned) await this.#rest(pollMs);
    }
  }

  async #planNext(): Promise<boolean> {
    const { postgres, log, isBusy, islands } = this.#options;
    if (isBusy()) return false;
    const em = postgres.fork();
    const givenUp = await giveUpShadows(em);
    if (givenUp > 0) log.warn({ givenUp }, 'shadows were given up');
    const shadow = await claimShadow(em);
    if (shadow === null) return false;
    using urgency = this.#whileIdle();
    await computeShadow({ em, log, signal: urgency.signal, islands }, shadow);
    return true;
  }

  /** A signal that aborts once this process has something more urgent to do, or is to stop. */
  #whileIdle(): { signal: AbortSignal } & Disposable {
    const busy = new AbortController();
    const timer = setInterval(() => {
      if (this.#options.isBusy()) busy.abort();
    }, LOOK_EVERY_MS);
    const signal = AbortSignal.any([busy.signal, this.#closing.signal]);
    return { signal, [Symbol.dispose]: () => clearInterval(timer) };
  }

  async #rest(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#closing.signal.addEventListener('abort', () => resolve(), { once: true });
    if (this.#closing.signal.aborted) resolve();
    await promise;
    clearTimeout(timer);
  }
}
