import { Queue, Worker } from 'bullmq';
import type { QueueOptions, WorkerOptions } from 'bullmq';

import type { Logger } from '@quantumroute/ops/log';
import { closeRedis, openRedis } from '@quantumroute/ops/redis';

import type { Hint, QueueConsumer, ReportQueue } from './report-queue.ts';
import { within } from './within.ts';

const QUEUE_NAME = 'reports';

/** Hints on Redis. Every call ends within a second, also while Redis is away. */
export function createBullmqQueue(options: {
  redisUrl: string;
  redisPrefix: string;
  log: Logger;
}): ReportQueue {
  const { redisUrl: url, redisPrefix, log } = options;
  const prefix = `${redisPrefix}bull`;
  const connection = openRedis({ url, log, role: 'commands' });
  const queue = new Queue(QUEUE_NAME, { connection, prefix, ...unhurried } satisfies QueueOptions);
  queue.on('error', (error) => log.debug({ err: error }, 'queue error'));
  return {
    enqueue: async (hints) => {
      await within(queue.addBulk(hints.map(jobOf)), 'enqueue');
    },
    consume: (handler, concurrency) => startConsumer({ url, prefix, log, handler, concurrency }),
    length: async () => {
      const counts = await within(queue.getJobCounts('wait', 'active'), 'length');
      return { waiting: counts['wait'] ?? 0, active: counts['active'] ?? 0 };
    },
    close: async () => {
      await within(queue.close(), 'close').catch(() => undefined);
      await closeRedis(connection);
    },
  };
}

/** Nothing waits for Redis: what cannot be told now is found by the reconciler. */
const unhurried = { skipVersionCheck: true, skipWaitingForReady: true };

// A hint that its worker dropped is offered again after lock + check, well before anyone notices.
const LOCK_MS = 4_000;
const STALLED_CHECK_MS = 2_000;
const RETRY_MS = 500;

/** The same hint has the same job id, by which the queue tells that it has it already. */
function jobOf(hint: Hint) {
  const opts = { jobId: hint.reportId, removeOnComplete: true, removeOnFail: true };
  return { name: 'report', data: hint, opts };
}

function startConsumer(options: {
  url: string;
  prefix: string;
  log: Logger;
  handler: () => Promise<void>;
  concurrency: number;
}): QueueConsumer {
  const { url, prefix, log, handler, concurrency } = options;
  const connection = openRedis({ url, log, role: 'blocking' });
  const running = new Set<Promise<void>>();
  const worker = new Worker<Hint>(
    QUEUE_NAME,
    async () => {
      const run = handler().finally(() => running.delete(run));
      running.add(run);
      await run;
    },
    {
      connection,
      prefix,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      drainDelay: 1,
      runRetryDelay: RETRY_MS,
      ...unhurried,
    } satisfies WorkerOptions,
  );
  worker.on('error', (error) => log.debug({ err: error }, 'queue consumer error'));
  return {
    close: async () => {
      // Takes no more hints. `close` alone would wait for Redis before it lets go of its timers.
      await worker.pause(true);
      while (running.size > 0) await Promise.allSettled(running);
      await within(worker.close(true), 'close').catch(() => undefined);
      await closeRedis(connection);
    },
  };
}
