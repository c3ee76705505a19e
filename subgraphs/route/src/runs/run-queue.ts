import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';
import { runDetached } from '@quantumroute/ops/request';

import { beatHearts, failOrphanedRuns, failRun } from '../storage/stores/run-writes.ts';
import { executeRun } from './run-execution.ts';

/** The optimization runs that this process has taken on. Their rows are the truth. */
export type RunQueue = {
  /** False when as many runs wait as may. */
  hasRoom(): boolean;
  enqueue(runId: string): void;
  /** Stops a run of this process at once; those of others notice at their next heartbeat. */
  abort(runId: string): void;
  close(): Promise<void>;
};

export type RunQueueOptions = {
  postgres: Postgres;
  log: Logger;
  metrics: Metrics;
  /** Runs computed at the same time. */
  threads: number;
  maxWaiting: number;
  /** A run without a heartbeat for so long is failed by whoever sees it first. */
  leaseMs: number;
};

const BEATS_PER_LEASE = 10;

/** Ends what an earlier process left behind, then takes runs until it is closed. */
export async function openRunQueue(options: RunQueueOptions): Promise<RunQueue> {
  const queue = new LocalRunQueue(options);
  await queue.tend();
  queue.startTending();
  return queue;
}

class LocalRunQueue implements RunQueue {
  readonly #options: RunQueueOptions;
  readonly #waiting: string[] = [];
  readonly #running = new Map<string, { abort: AbortController; ended: Promise<void> }>();
  #tending: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: RunQueueOptions) {
    this.#options = options;
  }

  hasRoom(): boolean {
    return !this.#isClosed && this.#waiting.length < this.#options.maxWaiting;
  }

  enqueue(runId: string): void {
    this.#waiting.push(runId);
    this.#startNext();
  }

  abort(runId: string): void {
    const index = this.#waiting.indexOf(runId);
    if (index >= 0) this.#waiting.splice(index, 1);
    this.#running.get(runId)?.abort.abort();
    this.#measure();
  }

  startTending(): void {
    const tendNext = () => {
      this.#tending = this.tend();
      void this.#tending.then(() => {
        if (!this.#isClosed) this.startTending();
      });
    };
    this.#timer = setTimeout(tendNext, this.#options.leaseMs / BEATS_PER_LEASE);
  }

  /** Beats for its own runs, drops those that are not wanted any more, ends those of dead processes. */
  async tend(): Promise<void> {
    const { postgres, log, leaseMs } = this.#options;
    const own = [...this.#waiting, ...this.#running.keys()];
    try {
      const wanted = own.length === 0 ? new Set<string>() : await beatHearts(postgres.fork(), own);
      for (const id of own) if (!wanted.has(id)) this.abort(id);
      const failed = await failOrphanedRuns(postgres.fork(), leaseMs);
      if (failed > 0) log.warn({ failed }, 'runs of a process that is gone were failed');
    } catch (error) {
      log.warn({ err: error }, 'optimization runs could not be tended');
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#tending;
    const left = [...this.#waiting.splice(0), ...this.#running.keys()];
    const ended = Array.from(this.#running.values(), (run) => run.ended);
    const em = this.#options.postgres.fork();
    await Promise.allSettled(left.map((id) => failRun(em, id, STOPPED)));
    for (const { abort } of this.#running.values()) abort.abort();
    await Promise.allSettled(ended);
  }

  #startNext(): void {
    while (this.#running.size < this.#options.threads) {
      const id = this.#waiting.shift();
      if (id === undefined) break;
      this.#start(id);
    }
    this.#measure();
  }

  #start(id: string): void {
    const abort = new AbortController();
    // A run outlives the request that asked for it, and must not end with it.
    const ended = runDetached(() => executeRun(this.#options, { id, signal: abort.signal }))
      .catch((error: unknown) =>
        this.#options.log.error({ err: error, runId: id }, 'a run got lost'),
      )
      .finally(() => {
        this.#running.delete(id);
        if (!this.#isClosed) this.#startNext();
      });
    this.#running.set(id, { abort, ended });
  }

  #measure(): void {
    const { queueLength } = this.#options.metrics;
    queueLength.set({ queue: 'optimization', state: 'waiting' }, this.#waiting.length);
    queueLength.set({ queue: 'optimization', state: 'active' }, this.#running.size);
  }
}

const STOPPED = 'The service was stopped before the run ended; start it again';
