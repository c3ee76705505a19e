import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';

const CLIENTS = 150;
const FEED = JSON.stringify({ query: 'subscription { parcelsUpdated { status } }' });

describe('clients who vanish by the hundred', { timeout: 120_000 }, () => {
  let graph: SmallGraph;
  before(async () => {
    const env = { GATEWAY_MAX_CONNECTIONS_PER_CLIENT: '500', GATEWAY_MAX_SUBSCRIPTIONS: '200' };
    graph = await startSmallGraph({ env });
  });
  after(() => graph.close());

  /** Waits for so many connections, each with an operation. */
  const isOpen = async (expected: number) => {
    for (;;) {
      const { values } = await graph.metrics.liveOpen.get();
      const open = (kind: string) => values.find(({ labels }) => labels.kind === kind)?.value ?? 0;
      const connections = open('sockets') + open('streams');
      if (connections === expected && open('operations') === expected) return;
      await sleep(10);
    }
  };
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  /** A connection that sends a request and is there until it is cut. */
  const requested = (request: string): Socket => {
    const tcp = connect(Number(new URL(graph.url).port), '127.0.0.1');
    tcp.on('error', () => undefined);
    tcp.resume();
    tcp.write(request);
    return tcp;
  };
  const post = (headers: string, body = FEED) =>
    `POST /graphql/stream HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${headers}` +
    `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const overSocket = async () => {
    const address = `${graph.url.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(address, 'graphql-transport-ws');
    socket.on('error', () => undefined);
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    socket.send(`{"id":"1","type":"subscribe","payload":${FEED}}`);
    return () => socket.terminate();
  };
  const overReserved = async () => {
    const reserved = await fetch(`${graph.url}/graphql/stream`, { method: 'PUT' });
    const token = `x-graphql-event-stream-token: ${await reserved.text()}\r\n`;
    const accept = 'accept: text/event-stream\r\n';
    const tcp = requested(`GET /graphql/stream HTTP/1.1\r\nhost: x\r\n${accept}${token}\r\n`);
    const body = FEED.replace('{', '{"extensions":{"operationId":"1"},');
    const started = requested(post(token, body));
    return () => [tcp, started].map((each) => each.resetAndDestroy());
  };
  const overStream = async (accept: string) => {
    const tcp = requested(post(`accept: ${accept}\r\n`));
    return () => tcp.resetAndDestroy();
  };

  for (const [name, open] of [
    ['graphql-ws', overSocket],
    ['event streams', () => overStream('text/event-stream')],
    ['reserved event streams', overReserved],
    ['multipart', () => overStream('multipart/mixed;subscriptionSpec=1.0')],
  ] as const) {
    test(`leave nothing behind over ${name}`, async () => {
      const before = timers();
      const leave = await Promise.all(Array.from({ length: CLIENTS }, () => open()));
      await isOpen(CLIENTS);
      while ((await graph.parcels.open()) === 0) await sleep(10);
      for (const vanish of leave) vanish();
      await isOpen(0);
      while ((await graph.parcels.open()) > 0) await sleep(10);
      // Some belong to connections that are kept for the next request.
      while (timers() > before + CLIENTS / 10) await sleep(50);
      assert.equal(await graph.parcels.open(), 0);
    });
  }
});
