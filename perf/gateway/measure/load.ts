// A process: sends the requests that its parent orders, over so many connections, and counts.
import { type Connection, openConnection } from './connection.ts';
import { smallOperationFor } from '../graph/operations.ts';

/** What to send: for so long, or so often. */
export type Order = {
  port: number;
  path: string;
  connections: number;
  /** The body of every request; null for small operations of which no two are the same. */
  body: string | null;
  seconds?: number;
  requests?: number;
  /** Where the numbers of distinct operations begin. */
  firstNumber?: number;
};

export type Outcome = {
  requests: number;
  failed: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
};

let opened: { port: number; connections: Connection[] } | null = null;

process.on('message', (order: Order) => {
  void carryOut(order).then(
    (outcome) => process.send?.(outcome),
    (error: Error) => process.send?.({ error: error.message }),
  );
});
process.once('disconnect', () => process.exit());

async function carryOut(order: Order): Promise<Outcome> {
  const connections = await connectionsTo(order);
  const startedAt = performance.now();
  const until = startedAt + (order.seconds ?? Infinity) * 1_000;
  const most = order.requests ?? Infinity;
  const requestOf = requestsOf(order);
  const latencies: number[] = [];
  let sent = 0;
  let failed = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (sent < most && performance.now() < until) {
        const request = requestOf(sent);
        sent += 1;
        const sentAt = performance.now();
        const { status } = await connection.ask(request);
        latencies.push(performance.now() - sentAt);
        if (status !== 200) failed += 1;
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
  return { requests: sorted.length, failed, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** Kept from order to order, as clients do; one server at a time. */
async function connectionsTo({ port, connections: wanted }: Order): Promise<Connection[]> {
  if (opened?.port === port && opened.connections.length === wanted) return opened.connections;
  for (const connection of opened?.connections ?? []) connection.close();
  const connections = await Promise.all(Array.from({ length: wanted }, () => openConnection(port)));
  opened = { port, connections };
  return connections;
}

function requestsOf({ port, path, body, firstNumber = 0 }: Order): (n: number) => Buffer | string {
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    'content-type: application/json',
    'accept: application/json',
    'content-length: ',
  ].join('\r\n');
  const requestOf = (text: string) => `${head}${Buffer.byteLength(text)}\r\n\r\n${text}`;
  if (body !== null) {
    const bytes = Buffer.from(requestOf(body));
    return () => bytes;
  }
  return (n) => {
    const { query } = smallOperationFor(`visitor-${firstNumber + n}`);
    return requestOf(JSON.stringify({ query }));
  };
}
