import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';
import { runDetached } from '@quantumroute/ops/request';

import type { PublishRun } from '../live/run-events.ts';
import { claimRun, handBack, renewLeases } from '../storage/stores/run-leases.ts';
import type { RoadData } from '../road-data/road-data.ts';
import type { ClaimedRun } from '../storage/stores/run-leases.ts';
import { countWaitingRuns } from '../storage/stores/run-queries.ts';
import { executeRun } from './run-execution.ts';

/** Computes the optimization runs that wait in the table, as many at once as this process has threads for. */
export type RunQueue = {
  /** A run was written down: it is taken now when a thread is free, else by whoever is free first. */
  wake(): void;
  /** Stops a run of this process at once; those of others notice when they renew their lease. */
  abort(runId: string): void;
  /** Ends a run of this process with the best plan so far; others notice as above. */
  finish(runId: string): void;
  /** True while a run is computed here. */
  isBusy(): boolean;
  /** Gives the runs it holds back, so that another process takes them. */
  close(): Promise<void>;
};

export type RunQueueOptions = {
  postgres: Postgres;
  roadData: RoadData;
  log: Logger;
  metrics: Metrics;
  publish: PublishRun;
  /** Runs computed at the same time. */
  runs: number;
  /** Threads that one run takes. */
  islands: number;
  /** A run that nobody has renewed for so long is taken over. */
  leaseMs: number;
};

const RENEWALS_PER_LEASE = 10;
const MOST_COUNTED = 1_000;

/** Takes what waits, and goes on until it is closed. */
export async function openRunQueue(options: RunQueueOptions): Promise<RunQueue> {
  const queue = new TableRunQueue(options);
  await queue.tend();
  queue.startTending();
  return queue;
}

type Holding = {
  run: ClaimedRun;
  abort: AbortController;
  finish: AbortController;
  ended: Promise<void>;
};

class TableRunQueue implements RunQueue {
  readonly #options: RunQueueOptions;
  readonly #holding = new Map<string, Holding>();
  #tending: Promise<void> = Promise.resolve();
  #claiming: Promise<void> | null = null;
  #isWoken = false;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: RunQueueOptions) {
    this.#options = options;
  }

  /** While one claim is under way, any number of wakes make one more. */
  wake(): void {
    this.#isWoken = true;
    this.#claiming ??= runDetached(() => this.#claimAll()).finally(() => {
      this.#claiming = null;
    });
  }

  abort(runId: string): void {
    this.#holding.get(runId)?.abort.abort();
  }

  finish(runId: string): void {
    this.#holding.get(runId)?.finish.abort();
  }

  isBusy(): boolean {
    return this.#holding.size > 0;
  }

  startTending(): void {
    const tendNext = () => {
      this.#tending = this.tend();
      void this.#tending.then(() => {
        if (!this.#isClosed) this.startTending();
      });
    };
    this.#timer = setTimeout(tendNext, this.#options.leaseMs / RENEWALS_PER_LEASE);
  }

  /** Renews its own leases, lets go of what is not its own any more, and takes what is free. */
  async tend(): Promise<void> {
    const { postgres, log } = this.#options;
    try {
      await this.#renew();
      this.#measure(await countWaitingRuns(postgres.fork(), MOST_COUNTED));
    } catch (error) {
      log.warn({ err: error }, 'optimization runs could not be tended');
    }
    this.wake();
    await this.#claiming;
  }

  async #renew(): Promise<void> {
    const { postgres, leaseMs } = this.#options;
    const own = Array.from(this.#holding.values(), ({ run }) => run);
    if (own.length === 0) return;
    const holds = own.map(({ id, attempt }) => ({ id, attempt }));
    const renewed = await renewLeases(postgres.fork(), holds, leaseMs);
    const held = new Map(renewed.map((run) => [run.id, run]));
    for (const { id } of own) {
      if (!held.has(id)) this.abort(id);
      else if (held.get(id)?.finishRequested) this.finish(id);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#tending;
    await this.#claiming;
    const holding = [...this.#holding.values()];
    for (const { abort } of holding) abort.abort();
    // Only then: the next attempt has the same number, and must be the only one that writes.
    await Promise.allSettled(holding.map(({ ended }) => ended));
    for (const { run } of holding) await this.#handBack(run);
  }

  /** What cannot be given back, because the database is away, is taken over when its lease ends. */
  async #handBack(run: ClaimedRun): Promise<void> {
    const { postgres, log, publish } = this.#options;
    try {
      const event = await handBack(postgres.fork(), run);
      if (event !== null) await publish(event);
    } catch (error) {
      log.warn({ err: error, runId: run.id }, 'a run could not be given back');
    }
  }

  async #claimAll(): Promise<void> {
    const { postgres, log, runs, leaseMs } = this.#options;
    try {
      while (this.#isWoken && !this.#isClosed && this.#holding.size < runs) {
        this.#isWoken = false;
        const run = await claimRun(postgres.fork(), { leaseMs, held: [...this.#holding.keys()] });
        if (run === null) continue;
        this.#isWoken = true;
        this.#start(run);
      }
    } catch (error) {
      log.warn({ err: error }, 'no optimization run could be taken');
    }
  }

  #start(run: ClaimedRun): void {
    const { publish, log } = this.#options;
    const [abort, finish] = [new AbortController(), new AbortController()];
    if (run.attempt > 1) log.warn({ runId: run.id, attempt: run.attempt }, 'a run is taken over');
    if (run.finishRequested) finish.abort();
    const signals = { signal: abort.signal, stop: finish.signal };
    // A run outlives the request that asked for it, and must not end with it.
    const ended = runDetached(async () => {
      await publish(run.event);
      await executeRun(this.#options, run, signals);
    })
      .catch((error: unknown) =>
        log.error({ err: error, runId: run.id }, 'a run is left to others'),
      )
      .finally(() => {
        this.#holding.delete(run.id);
        this.wake();
      });
    this.#holding.set(run.id, { run, abort, finish, ended });
  }

  /** What waits is the same for every process, what is active is its own. */
  #measure(waiting: number): void {
    const { queueLength } = this.#options.metrics;
    queueLength.set({ queue: 'optimization', state: 'waiting' }, waiting);
    queueLength.set({ queue: 'optimization', state: 'active' }, this.#holding.size);
  }
}
