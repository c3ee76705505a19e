import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestProxy } from '@quantumroute/ops/test-proxy';
import { WebSocket } from 'ws';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';
import { overSocket } from './live-clients.ts';

describe('a connection to a subgraph that freezes', () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph();
  });
  after(() => graph.close());

  test('is noticed within seconds; subscribers go on, or end with a code', async () => {
    const proxy = await startTestProxy({ host: '127.0.0.1', port: graph.parcels.port });
    const urls = { parcels: `http://127.0.0.1:${proxy.port}/graphql` };
    const patient = await graph.another({ urls });
    const impatient = await graph.another({ urls, env: { GATEWAY_SUBGRAPH_RECONNECT_MS: '1' } });
    const token = await graph.tokens.user(ORGANIZATIONS[0].id, 'parcels');
    const query = 'subscription { parcelUpdated(id: "f") { status } }';
    const [goesOn, ends] = [patient, impatient].map(({ url }) => overSocket(url, { query, token }));
    await Promise.all([goesOn?.until(1), ends?.until(1)]);

    proxy.pause();
    graph.parcels.move('f', 'DELIVERED');
    const frozenAt = performance.now();
    await ends?.ended;
    assert.ok(performance.now() - frozenAt < 8_000);
    assert.equal(ends?.results.at(-1)?.errors?.[0]?.extensions?.['code'], 'SUBGRAPH_UNAVAILABLE');
    assert.equal(goesOn?.results.length, 1);

    proxy.resume();
    await goesOn?.ended;
    assert.deepEqual(goesOn?.results.at(-1), { data: { parcelUpdated: { status: 'DELIVERED' } } });
    await Promise.all([patient.close(), impatient.close()]);
    await proxy.close();
  });
});

describe('a subscriber who does not read', { timeout: 20_000 }, () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph({ env: { GATEWAY_MAX_BUFFERED_EVENTS: '5' } });
  });
  after(() => graph.close());

  const query = 'subscription { parcelsUpdated { status } }';
  const isServed = async (expected: boolean) => {
    while ((await graph.parcels.open()) > 0 !== expected) await sleep(5);
  };
  /** Sends more than the connections between hold, until the gateway gives up. */
  async function flood(): Promise<number> {
    await isServed(true);
    let sent = 0;
    while ((await graph.parcels.open()) > 0) {
      graph.parcels.move('x', `${sent}`.padEnd(200_000));
      sent += 1;
      await sleep(1);
    }
    return sent;
  }

  test('over a WebSocket gets a bounded number of events, and then a code', async () => {
    const socket = new WebSocket(
      `${graph.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    const received: string[] = [];
    socket.on('message', (data: Buffer) => received.push(data.toString()));
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    await isServed(true);
    socket.pause();
    const sent = await flood();
    socket.resume();
    while (!received.at(-1)?.includes('"complete"')) await sleep(5);
    assert.match(received.at(-2) ?? '', /RATE_LIMITED/);
    const events = received.slice(0, -2);
    assert.ok(events.length < sent, `${events.length} of ${sent}`);
    socket.close();
  });

  test('over an event stream too', async () => {
    const answer = await fetch(`${graph.url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    });
    const sent = await flood();
    const received = (await answer.text()).split('\n\n').filter((text) => text.startsWith('event'));
    assert.match(received.at(-1) ?? '', /complete/);
    assert.match(received.at(-2) ?? '', /RATE_LIMITED/);
    const events = received.slice(0, -2);
    assert.ok(events.length < sent, `${events.length} of ${sent}`);
  });
});
