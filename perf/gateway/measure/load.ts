// A process: sends the requests that its parent orders, over so many connections, and counts.
import { type Connection, openConnection } from './connection.ts';
import { smallOperationFor } from '../graph/operations.ts';

/** What to send: for so long, or so often. */
export type Order = {
  port: number;
  path: string;
  connections: number;
  /** What is asked; null for small operations of which no two are the same. */
  body: string | null;
  /** No two requests have the same bytes, although they ask the same: blanks of JSON make the difference. */
  areBytesDistinct?: boolean;
  seconds?: number;
  requests?: number;
  /** Beside those that every request has. */
  headers?: Readonly<Record<string, string>>;
  /** Where the numbers of distinct operations begin. */
  firstNumber?: number;
};

export type Outcome = {
  requests: number;
  failed: number;
  seconds: number;
  latenciesMs: number[];
};

const MOST_DISTINCT = 2 ** 30;
let distinct = 0;
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
  const latenciesMs: number[] = [];
  let sent = 0;
  let failed = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (sent < most && performance.now() < until) {
        const request = requestOf(sent);
        sent += 1;
        const sentAt = performance.now();
        const { status } = await connection.ask(request);
        latenciesMs.push(performance.now() - sentAt);
        if (status !== 200) failed += 1;
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  return { requests: latenciesMs.length, failed, seconds, latenciesMs };
}

/** Kept from order to order, as clients do; one server at a time. */
async function connectionsTo({ port, connections: wanted }: Order): Promise<Connection[]> {
  if (opened?.port === port && opened.connections.length === wanted) return opened.connections;
  for (const connection of opened?.connections ?? []) connection.close();
  const connections = await Promise.all(Array.from({ length: wanted }, () => openConnection(port)));
  opened = { port, connections };
  return connections;
}

function requestsOf(order: Order): (n: number) => Buffer | string {
  const { body, firstNumber = 0, areBytesDistinct = false } = order;
  const requestOf = requestsWith(order);
  if (body === null) {
    return (n) => {
      const { query } = smallOperationFor(`visitor-${firstNumber + n}`);
      return requestOf(JSON.stringify({ query }));
    };
  }
  if (areBytesDistinct) return () => requestOf(body + nextBlanks());
  const bytes = Buffer.from(requestOf(body));
  return () => bytes;
}

/** A whole request with such a body. */
function requestsWith({ port, path, headers = {} }: Order): (body: string) => string {
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    'content-type: application/json',
    'accept: application/json',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'content-length: ',
  ].join('\r\n');
  return (body) => `${head}${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** A number in spaces and tabs. */
function nextBlanks(): string {
  distinct = (distinct + 1) % MOST_DISTINCT;
  return distinct.toString(2).replaceAll('0', ' ').replaceAll('1', '\t');
}
