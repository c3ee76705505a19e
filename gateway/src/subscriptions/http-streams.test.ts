import assert from 'node:assert/strict';
import { connect } from 'node:net';
import process from 'node:process';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createHttpServer } from '@quantumroute/ops/http';
import type { HttpServer } from '@quantumroute/ops/http';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import type { FormattedExecutionResult } from 'graphql';
import { ANONYMOUS_CALLER } from '../identity/caller.ts';
import { createEventQueue } from './event-queue.ts';
import type { EventQueue } from './event-queue.ts';
import { createHttpStreams } from './http-streams.ts';
import { createLiveConnections } from './live-connections.ts';
import type { OperationRequest } from './open-operation.ts';

const MULTIPART = 'multipart/mixed;subscriptionSpec=1.0';
const EVENTS = 'text/event-stream';

describe('streams over HTTP', { timeout: 60_000 }, () => {
  const metrics = createMetrics('test');
  const opened: { request: OperationRequest; events: EventQueue<FormattedExecutionResult> }[] = [];
  let returned = 0;
  let waiting = 0;
  let gates: { authenticate?: Promise<void>; open?: Promise<void> } = {};
  const pass = async (gate: Promise<void> | undefined) => {
    waiting += 1;
    await gate;
  };
  let http: HttpServer;
  let url: string;
  before(async () => {
    const limits = { sockets: 9, streams: 9, operations: 9 };
    const handler = createHttpStreams({
      authenticate: async () => {
        if (gates.authenticate) await pass(gates.authenticate);
        return ANONYMOUS_CALLER;
      },
      openOperation: async (request) => {
        if (gates.open) await pass(gates.open);
        const onReturn = () => void (returned += 1);
        const events = createEventQueue<FormattedExecutionResult>({ capacity: 5, onReturn });
        opened.push({ request, events });
        return { kind: 'stream', stream: events.stream };
      },
      connections: createLiveConnections(
        { ...limits, connectionsPerClient: 9, operationsPerClient: 9 },
        metrics,
      ),
      origins: ['https://app.example.com'],
      trustedProxies: 0,
      maxOperations: 5,
      reservationMs: 60_000,
      pace: { heartbeatMs: 50, patienceMs: 300 },
    });
    const log = createLogger({ service: 'test', level: 'silent' });
    http = createHttpServer({ log, metrics, routes: { '/': { handler, deadline: false } } });
    ({ url } = await http.listen(0, '127.0.0.1'));
  });
  after(() => http.close({ graceMs: 0 }));
  beforeEach(() => {
    opened.length = 0;
    returned = 0;
    waiting = 0;
    gates = {};
  });

  /** Sends a request and waits for nothing. */
  const begin = (accept: string) => {
    const tcp = connect(Number(new URL(url).port), '127.0.0.1');
    tcp.on('error', () => undefined);
    tcp.write(
      `POST / HTTP/1.1\r\nhost: x\r\naccept: ${accept}\r\n` +
        'content-type: application/json\r\ncontent-length: 13\r\n\r\n{"query":"q"}',
    );
    return tcp;
  };
  const post = (headers: Record<string, string>, body: object = { query: 'q' }) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const reserved = async () => {
    const token = await (await fetch(url, { method: 'PUT' })).text();
    const headers = { 'x-graphql-event-stream-token': token };
    const stream = await fetch(url, { headers: { ...headers, accept: EVENTS } });
    await post(headers, { query: 'q', extensions: { operationId: 'one' } });
    return stream;
  };
  const only = () => {
    const [one] = opened;
    assert.ok(one);
    return one;
  };

  test('name the cursor of each event, and take that of the last one seen', async () => {
    const answer = await post({ accept: EVENTS, 'last-event-id': 'seen' });
    const { request, events } = only();
    assert.deepEqual(request.extensions, { cursor: 'seen' });
    events.push({ data: { a: 1 }, extensions: { cursor: 'next' } });
    events.end();
    assert.match(
      await answer.text(),
      /event: next\nid: next\ndata: {"data":{"a":1},"extensions":{"cursor":"next"}}\n\n/,
    );
  });

  test('take a cursor by the body too, for which the header is newer', async () => {
    const extensions = { cursor: 'first', other: 1 };
    const [byBody, byHeader] = await Promise.all([
      post({ accept: MULTIPART }, { query: 'q', extensions }),
      post({ accept: EVENTS, 'last-event-id': 'later' }, { query: 'q', extensions }),
    ]);
    const cursors = opened.map(({ request }) => request.extensions?.['cursor']);
    assert.deepEqual(new Set(cursors), new Set(['first', 'later']));
    for (const { events } of opened) events.end();
    await Promise.all([byBody.text(), byHeader.text()]);
  });

  test('send heartbeats while nothing happens', async () => {
    const [events, parts] = await Promise.all([
      post({ accept: EVENTS }),
      post({ accept: MULTIPART }),
    ]);
    await sleep(200);
    for (const each of opened) each.events.end();
    assert.match(await events.text(), /^(:\n\n){2,}event: complete/);
    assert.match(await parts.text(), /\r\n\r\n{}\r\n--graphql\r\n[^]*--graphql--\r\n$/);
  });

  test('are refused to pages of foreign origins', async () => {
    for (const accept of [EVENTS, MULTIPART]) {
      assert.equal((await post({ accept, origin: 'https://evil.example.com' })).status, 403);
    }
    const evil = { origin: 'https://evil.example.com' };
    assert.equal((await fetch(url, { method: 'PUT', headers: evil })).status, 403);
    assert.equal(opened.length, 0);
    const allowed = await post({ accept: EVENTS, origin: 'https://app.example.com' });
    assert.equal(allowed.status, 200);
    only().events.end();
    await allowed.text();
  });

  for (const stage of ['authenticate', 'open'] as const) {
    test(`hold nothing of clients who leave before it is their turn to ${stage}`, async () => {
      const timers = () =>
        process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
      const before = timers();
      const gate = Promise.withResolvers<void>();
      gates = { [stage]: gate.promise };
      const connections = promisify(http.node.getConnections.bind(http.node));
      const others = await connections();
      const asked = Array.from({ length: 9 }, (_, index) => begin(index % 2 ? EVENTS : MULTIPART));
      while (waiting < asked.length) await sleep(5);
      for (const tcp of asked) tcp.resetAndDestroy();
      while ((await connections()) > others) await sleep(5);
      gate.resolve();
      await sleep(50);
      assert.equal(returned, opened.length);
      const { values } = await metrics.liveOpen.get();
      assert.ok(values.every(({ value }) => value === 0));
      // Heartbeats that went on would be as many as there were clients.
      while (timers() > before + asked.length / 2) await sleep(20);
    });
  }

  for (const [name, open] of [
    ['server-sent events', () => post({ accept: EVENTS })],
    ['multipart', () => post({ accept: MULTIPART })],
    ['a reserved event stream', reserved],
  ] as const) {
    test(`cut off a client of ${name} who reads nothing for too long`, async () => {
      const answer = await open();
      const { events } = only();
      const large = 'x'.repeat(1_000_000);
      let refused = 0;
      while (returned === 0) {
        if (!events.push({ data: { large } })) refused += 1;
        await sleep(5);
      }
      assert.ok(refused > 0, 'no bound was reached');
      await assert.rejects(answer.text());
      const { values } = await metrics.liveOpen.get();
      assert.ok(values.every(({ value }) => value === 0));
    });
  }
});
