// npm run bench:queues: what BullMQ and Kafka cost as the queue of reports.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { testKafka, testRedis, whyNoBroker } from '@quantumroute/ops/local/testing';
import { newId } from '@quantumroute/schema/ids';
import type { Hint, QueueName, ReportQueue } from './queues.ts';
import { openQueue } from './queues.ts';

const PICK_UPS = 500;
const WARM_UP = 20;
const HINTS = 5_000;
const BATCH = 100;
const CONCURRENCY = 8;
const KILLS = 3;
const CALLS = 5;
/** Until two workers have shared their partitions out. */
const SETTLING_MS = 8_000;
const PATIENCE_MS = 60_000;

type Figures = {
  p50: number;
  p99: number;
  perSecond: number;
  recoverySeconds: readonly number[];
  memoryMb: number;
};

const redis = await testRedis();
print('bullmq', await measureQueue('bullmq', redis.url, redis.pid()));
await redis.stop();
const missing = whyNoBroker();
if (missing === null) {
  const kafka = await testKafka();
  print('kafka', await measureQueue('kafka', kafka.brokers, kafka.pid()));
  await kafka.stop();
} else {
  process.stdout.write(`${missing}\n`);
}
process.exit();

async function measureQueue(name: QueueName, address: string, pid: number): Promise<Figures> {
  const pickUps = await measurePickUps(openQueue(name, address, 'pick-up.'));
  const perSecond = await measureThroughput(openQueue(name, address, 'through.'));
  const recoverySeconds: number[] = [];
  for (let kill = 1; kill <= KILLS; kill += 1) {
    recoverySeconds.push(await measureRecovery(name, address, `kill${kill}.`));
  }
  const at = (share: number) => pickUps[Math.floor(pickUps.length * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), perSecond, recoverySeconds, memoryMb: residentMb(pid) };
}

/** From the call that hands a hint over to the call of the handler, one hint at a time. */
async function measurePickUps(queue: ReportQueue): Promise<number[]> {
  await answers(queue);
  let taken = Promise.withResolvers<void>();
  const consumer = queue.consume(async () => taken.resolve(), 1);
  const took: number[] = [];
  for (let hint = 0; hint < WARM_UP + PICK_UPS; hint += 1) {
    taken = Promise.withResolvers<void>();
    const startedAt = performance.now();
    await hand(queue, [newHint()]);
    await inTime(taken.promise);
    if (hint >= WARM_UP) took.push(performance.now() - startedAt);
  }
  await consumer.close();
  await queue.close();
  return took.toSorted((one, other) => one - other);
}

/** Hints handed over in batches while one process handles them, until all are handled. */
async function measureThroughput(queue: ReportQueue): Promise<number> {
  await answers(queue);
  const done = Promise.withResolvers<void>();
  let handled = 0;
  const handle = async () => {
    handled += 1;
    if (handled === HINTS) done.resolve();
  };
  const consumer = queue.consume(handle, CONCURRENCY);
  const startedAt = performance.now();
  for (let batch = 0; batch < HINTS / BATCH; batch += 1) {
    await hand(queue, Array.from({ length: BATCH }, newHint));
  }
  await inTime(done.promise);
  const seconds = (performance.now() - startedAt) / 1_000;
  await consumer.close();
  await queue.close();
  return HINTS / seconds;
}

/** From kill -9 of the worker that has a hint until the other worker gets the same hint. */
async function measureRecovery(name: QueueName, address: string, prefix: string): Promise<number> {
  const queue = openQueue(name, address, prefix);
  await answers(queue);
  let again = Promise.withResolvers<void>();
  const consumer = queue.consume(async () => again.resolve(), 1);
  const holder = fork(fileURLToPath(new URL('holder.ts', import.meta.url)), [
    name,
    address,
    prefix,
  ]);
  const taken = once(holder, 'message').then(() => true);
  await sleep(SETTLING_MS);
  // Either may get a hint: on to the one that gets stuck.
  while (!(await Promise.race([taken, sleep(500, false)]))) await hand(queue, [newHint()]);
  await sleep(500);
  again = Promise.withResolvers<void>();
  const killedAt = performance.now();
  holder.kill('SIGKILL');
  await inTime(again.promise);
  const seconds = (performance.now() - killedAt) / 1_000;
  await consumer.close();
  await queue.close();
  return seconds;
}

function newHint(): Hint {
  return { reportId: newId(), organizationId: newId() };
}

/** On a busy machine the server may miss the deadline of a call; then it is called again. */
async function hand(queue: ReportQueue, hints: Hint[]): Promise<void> {
  for (let call = 1; ; call += 1) {
    try {
      return await queue.enqueue(hints);
    } catch (error) {
      if (call === CALLS) throw error;
    }
  }
}

/** A queue never waits for its server; a measurement has to. */
async function answers(queue: ReportQueue): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await queue.length().then(Boolean, () => false))) {
    if (performance.now() > deadline) throw new Error('The queue does not answer');
    await sleep(100);
  }
}

async function inTime<T>(event: Promise<T>): Promise<T> {
  const patience = sleep(PATIENCE_MS, undefined, { ref: false }).then(() => {
    throw new Error('The queue has lost a hint');
  });
  return Promise.race([event, patience]);
}

/** Of the server's process, on Linux; 0 elsewhere. */
function residentMb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

function print(name: QueueName, figures: Figures): void {
  const { p50, p99, perSecond, recoverySeconds, memoryMb } = figures;
  const recovery = recoverySeconds.map((seconds) => seconds.toFixed(1)).join(', ');
  process.stdout.write(
    `${name}: picked up after ${p50.toFixed(1)} ms (p50), ${p99.toFixed(1)} ms (p99); ` +
      `${Math.round(perSecond)} hints/s; hint of a killed worker again after ${recovery} s; ` +
      `server ${Math.round(memoryMb)} MB\n`,
  );
}
