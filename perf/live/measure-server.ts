import { setTimeout as sleep } from 'node:timers/promises';
import { usageOf } from '../process-usage.ts';
import type { Clients, Delivery } from './clients/clients.ts';
import { heldMemory } from './held-memory.ts';

/** A server with subscribers: the gateway, or the bare broadcast. */
export type Server = {
  url: string;
  pid: number;
  inspectPort: number;
  /** Of `connection_init`. */
  init: object;
  subscribe: object;
  /** Makes a new version known to whoever subscribed. */
  change(): Promise<{ version: number; committedAtMs: number }>;
};

/** What subscribers cost, and how soon they are told. */
export type ServerFigures = {
  subscribers: number;
  events: number;
  openedPerSecond: number;
  idleKbPerSubscriber: number;
  cpuMicrosecondsPerDelivery: number;
  /** From the commit until the last subscriber is told, over the events. */
  lastP50Ms: number;
  lastP99Ms: number;
  /** Until half of them are told. */
  medianP50Ms: number;
  undelivered: number;
  frame: string;
};

const PATIENCE_MS = 60_000;
const TRY_MS = 10_000;
const MOST_TRIES = 20;
const SETTLE_MS = 3_000;
const REHEARSAL = 200;
/** Events before those that count: compilers need time, and are set back by looking at the memory. */
const WARM_UP = 10;
const BYTES_PER_KB = 1_000;

/** Opens the subscribers, tells them of one event after the other, and closes them. */
export async function measureServer(
  clients: Clients,
  server: Server,
  { subscribers, events }: { subscribers: number; events: number },
): Promise<ServerFigures> {
  await rehearse(clients, server);
  const before = await heldMemory(server.pid, server.inspectPort);
  const { seconds } = await clients.open({ ...server, count: subscribers });
  await untilAllHear(clients, server, subscribers);
  await sleep(SETTLE_MS);
  const idle = await heldMemory(server.pid, server.inspectPort);
  for (let event = 0; event < WARM_UP; event += 1)
    await tellOnce(clients, server, { count: subscribers, patienceMs: PATIENCE_MS });
  const told = await tellAll(clients, server, { subscribers, events });
  await clients.closeAll();
  return {
    subscribers,
    events,
    openedPerSecond: subscribers / seconds,
    idleKbPerSubscriber: (idle.heldBytes - before.heldBytes) / subscribers / BYTES_PER_KB,
    ...told,
  };
}

/** What is loaded and compiled at first use is no subscriber's. */
async function rehearse(clients: Clients, server: Server): Promise<void> {
  await clients.open({ ...server, count: REHEARSAL });
  await untilAllHear(clients, server, REHEARSAL);
  for (let event = 0; event < 5; event += 1)
    await tellOnce(clients, server, { count: REHEARSAL, patienceMs: PATIENCE_MS });
  await clients.closeAll();
  await sleep(SETTLE_MS);
}

/** Being told is the only sign of being subscribed that every field gives. */
async function untilAllHear(clients: Clients, server: Server, count: number): Promise<void> {
  for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
    const told = await tellOnce(clients, server, { count, patienceMs: TRY_MS });
    if (told.count === count) return;
  }
  throw new Error(`Not all of ${count} subscribers are told`);
}

async function tellAll(
  clients: Clients,
  server: Server,
  { subscribers, events }: { subscribers: number; events: number },
) {
  const cpuBefore = usageOf(server.pid).cpuMs;
  const tellings: Awaited<ReturnType<typeof tellOnce>>[] = [];
  for (let event = 0; event < events; event += 1) {
    tellings.push(await tellOnce(clients, server, { count: subscribers, patienceMs: PATIENCE_MS }));
  }
  const cpuMs = usageOf(server.pid).cpuMs - cpuBefore;
  const lasts = tellings.map(({ lastMs }) => lastMs).toSorted((a, b) => a - b);
  const medians = tellings.map(({ medianMs }) => medianMs).toSorted((a, b) => a - b);
  const delivered = tellings.reduce((sum, { count }) => sum + count, 0);
  return {
    cpuMicrosecondsPerDelivery: (cpuMs * 1_000) / Math.max(1, delivered),
    lastP50Ms: at(lasts, 0.5),
    lastP99Ms: at(lasts, 0.99),
    medianP50Ms: at(medians, 0.5),
    undelivered: subscribers * events - delivered,
    frame: tellings.at(-1)?.frame ?? '',
  };
}

/** Times from the commit on. */
async function tellOnce(
  clients: Clients,
  { change }: Server,
  { count, patienceMs }: { count: number; patienceMs: number },
): Promise<Delivery & { frame: string }> {
  const { version, committedAtMs } = await change();
  const { delivery, frame } = await clients.told({ version, count, patienceMs });
  return {
    count: delivery.count,
    medianMs: delivery.medianMs - committedAtMs,
    lastMs: delivery.lastMs - committedAtMs,
    frame,
  };
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
