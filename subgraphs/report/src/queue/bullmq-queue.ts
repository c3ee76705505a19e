import { Queue, Worker } from 'bullmq';
import type { QueueOptions, WorkerOptions } from 'bullmq';

import type { Logger } from '@quantumroute/ops/log';
import { closeRedis, openRedis } from '@quantumroute/ops/redis';

import type { Hint, QueueConsumer, ReportQueue } from './report-queue.ts';

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

const CALL_TIMEOUT_MS = 1_000;
// A hint that its worker dropped is offered again after lock + check, well before anyone notices.
const LOCK_MS = 4_000;
const STALLED_CHECK_MS = 2_000;
const RETRY_MS = 500;

/** The same hint has the same job id, by which the queue tells that it has it already. */
function jobOf({ reportId, attempt }: Hint) {
  return {
    name: 'report',
    data: { reportId },
    opts: { jobId: `${reportId}-${attempt}`, removeOnComplete: true, removeOnFail: true },
  };
}

function startConsumer(options: {
  url: string;
  prefix: string;
  log: Logger;
  handler: (reportId: string) => Promise<void>;
  concurrency: number;
}): QueueConsumer {
  const { url, prefix, log, handler, concurrency } = options;
  const connection = openRedis({ url, log, role: 'blocking' });
  const running = new Set<Promise<void>>();
  const worker = new Worker<{ reportId: string }>(
    QUEUE_NAME,
    async ({ data }) => {
      const run = handler(data.reportId).finally(() => running.delete(run));
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
      const closing = worker.close();
      while (running.size > 0) await Promise.allSettled(running);
      await within(closing, 'close').catch(() => undefined);
      // Without Redis the worker waits for ever for what it has asked; now that fails.
      await closeRedis(connection);
      await within(closing, 'close').catch(() => undefined);
    },
  };
}

async function within<T>(call: Promise<T>, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The queue did not answer to ${name} in time`)),
      CALL_TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([call, patience]);
  } finally {
    clearTimeout(timer);
  }
}
