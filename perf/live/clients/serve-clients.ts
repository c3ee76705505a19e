// A process: many WebSocket clients, each with one graphql-ws subscription, and what they were told.
import { WebSocket } from 'ws';
import type { ClientOrder, ClientReply, Delivery } from './clients.ts';

/** When the clients were told of each version that is still to be asked for. */
const told = new Map<number, number[]>();
const ADDRESSES = 8;
const OPENING = 100;
let sockets: WebSocket[] = [];
let waiting: { version: number; count: number; finish(): void } | null = null;
let lastFrame = '';

process.on('message', (order: ClientOrder) => {
  void carryOut(order).then(
    (reply: ClientReply) => process.send?.(reply),
    (error: Error) => process.send?.({ kind: 'failed', why: error.message }),
  );
});
process.once('disconnect', () => process.exit());

async function carryOut(order: ClientOrder): Promise<ClientReply> {
  if (order.kind === 'open') return openAll(order);
  if (order.kind === 'await') return awaitAll(order);
  for (const socket of sockets) socket.terminate();
  sockets = [];
  told.clear();
  return { kind: 'closed' };
}

async function openAll(order: ClientOrder & { kind: 'open' }): Promise<ClientReply> {
  const startedAt = performance.now();
  let next = 0;
  const openSome = async () => {
    while (next < order.count) {
      next += 1;
      sockets.push(await openOne(order, next));
    }
  };
  await Promise.all(Array.from({ length: OPENING }, openSome));
  return { kind: 'opened', seconds: (performance.now() - startedAt) / 1_000 };
}

/** From several addresses, so that no address runs out of ports. */
function openOne(
  { url, init, subscribe }: ClientOrder & { kind: 'open' },
  number: number,
): Promise<WebSocket> {
  const socket = new WebSocket(url, 'graphql-transport-ws', {
    localAddress: `127.0.0.${2 + (number % ADDRESSES)}`,
    perMessageDeflate: false,
  });
  let latest = -1;
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      reject(new Error(`Subscriber ${number}: ${why}`));
      failed(`Subscriber ${number}: ${why}`);
    };
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: init })),
    );
    socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      if (text.includes('"type":"next"')) {
        latest = note(text, latest);
      } else if (text.includes('"type":"connection_ack"')) {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: subscribe }), () =>
          resolve(socket),
        );
      } else if (text.includes('"type":"ping"')) {
        socket.send('{"type":"pong"}');
      } else {
        fail(text);
      }
    });
    socket.on('error', ({ message }) => fail(message));
    socket.on('close', (code, reason) => {
      if (sockets.includes(socket)) fail(`closed: ${code} ${reason.toString()}`);
    });
  });
}

/** Counts a client's first news of a version; gives the latest that it has. */
function note(text: string, latest: number): number {
  const at = text.indexOf('"version":');
  if (at === -1) {
    failed(text);
    return latest;
  }
  const version = Number.parseInt(text.slice(at + '"version":'.length, at + 30), 10);
  if (version <= latest) return latest;
  const times = told.get(version) ?? [];
  if (times.length === 0) {
    told.set(version, times);
    lastFrame = text;
  }
  times.push(nowMs());
  if (waiting?.version === version && times.length >= waiting.count) waiting.finish();
  return version;
}

async function awaitAll({
  version,
  count,
  patienceMs,
}: ClientOrder & { kind: 'await' }): Promise<ClientReply> {
  if ((told.get(version)?.length ?? 0) < count) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      const finish = () => {
        clearTimeout(timer);
        resolve();
      };
      waiting = { version, count, finish };
    });
    waiting = null;
  }
  const times = told.get(version) ?? [];
  told.delete(version);
  return { kind: 'told', delivery: deliveryOf(times), frame: lastFrame };
}

function deliveryOf(times: readonly number[]): Delivery {
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return { count: times.length, medianMs: at(0.5) ?? 0, lastMs: times.at(-1) ?? 0 };
}

/** The machine's clock, the same in every process. */
function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function failed(why: string): void {
  process.send?.({ kind: 'failed', why });
}
