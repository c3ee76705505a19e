import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';

const PROTOCOL = 'graphql-transport-ws';
const FEED = 'subscription { parcelsUpdated { id } }';

describe('sockets', () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph({
      env: {
        GATEWAY_MAX_SOCKETS: '5',
        GATEWAY_MAX_SUBSCRIPTIONS_PER_SOCKET: '3',
        GATEWAY_MAX_FRAME_BYTES: '2000',
        GATEWAY_MAX_STREAMS: '2',
        GATEWAY_SOCKET_INIT_TIMEOUT_MS: '300',
        GATEWAY_CORS_ORIGINS: 'https://app.example.com, https://other.example.com',
      },
    });
  });
  after(() => graph.close());

  let feeds = 0;
  const open = (options: { origin?: string } = {}) =>
    new WebSocket(`${graph.url.replace('http', 'ws')}/graphql`, PROTOCOL, options);
  const closed = async (socket: WebSocket) => (await once(socket, 'close'))[0] as number;
  const message = async (socket: WebSocket) => {
    const [data] = (await once(socket, 'message')) as [Buffer];
    return JSON.parse(data.toString()) as Record<string, unknown>;
  };
  const initialised = async () => {
    const socket = open();
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    assert.equal((await message(socket))['type'], 'connection_ack');
    return socket;
  };
  /** Equal operations would share a subscription of the subgraph. */
  const ownFeed = () => `subscription { p${(feeds += 1)}: parcelsUpdated { id } }`;
  const subscribe = (socket: WebSocket, id: string, query = ownFeed()) =>
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } }));
  const upstreamCount = async (count: number) => {
    const deadline = Date.now() + 1_500;
    while ((await graph.parcels.open()) !== count && Date.now() < deadline) await sleep(5);
    return graph.parcels.open();
  };

  test('that stay silent are closed', async () => {
    assert.equal(await closed(open()), 4408);
  });

  test('that subscribe before they are initialised are closed', async () => {
    const socket = open();
    await once(socket, 'open');
    subscribe(socket, '1');
    assert.equal(await closed(socket), 4401);
  });

  test('may have so many operations open, one more is refused alone', async () => {
    const socket = await initialised();
    for (const id of ['1', '2', '3', '4']) subscribe(socket, id);
    const refused = await message(socket);
    assert.equal(refused['type'], 'error');
    assert.equal(refused['id'], '4');
    assert.match(JSON.stringify(refused), /RATE_LIMITED/);
    assert.equal(await upstreamCount(3), 3);
    socket.terminate();
    assert.equal(await upstreamCount(0), 0);
  });

  test('that vanish without a word leave nothing behind', async () => {
    const sockets = await Promise.all([initialised(), initialised(), initialised()]);
    for (const socket of sockets) subscribe(socket, '1');
    assert.equal(await upstreamCount(3), 3);
    for (const socket of sockets) socket.terminate();
    assert.equal(await upstreamCount(0), 0);
    const { values } = await graph.metrics.openSubscriptions.get();
    assert.ok(values.every(({ value }) => value === 0));
  });

  test('share one connection to the subgraph', async () => {
    const socket = await initialised();
    for (const id of ['1', '2', '3']) subscribe(socket, id);
    assert.equal(await upstreamCount(3), 3);
    graph.parcels.move('x', 'MOVING');
    const received = await Promise.all([message(socket), message(socket), message(socket)]);
    assert.ok(received.every(({ type }) => type === 'next'));
    socket.close();
    assert.equal(await upstreamCount(0), 0);
  });

  test('survive an operation that is not GraphQL', async () => {
    const socket = await initialised();
    subscribe(socket, 'bad', 'subscription {');
    assert.equal((await message(socket))['type'], 'error');
    subscribe(socket, 'good', '{ motto }');
    assert.equal((await message(socket))['type'], 'next');
    socket.close();
  });

  test('that send too large a message are closed', async () => {
    const socket = await initialised();
    subscribe(socket, 'large', `{ motto } # ${'x'.repeat(3_000)}`);
    assert.equal(await closed(socket), 1009);
  });

  test('of foreign pages are refused', async () => {
    const foreign = open({ origin: 'https://evil.example.com' });
    const [error] = (await once(foreign, 'error')) as [Error];
    assert.match(error.message, /403/);
    for (const origin of ['https://app.example.com', graph.url]) {
      const allowed = open({ origin });
      await once(allowed, 'open');
      allowed.terminate();
    }
  });

  test('that are refused do not stay half open', async () => {
    const tcp = connect({ port: Number(new URL(graph.url).port), allowHalfOpen: true });
    tcp.write(
      'GET /other HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n' +
        'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    tcp.resume();
    await once(tcp, 'end');
    // Whoever writes to a closed connection is told that nobody is there.
    const gone = once(tcp, 'error');
    const writing = setInterval(() => tcp.write('still here'), 20);
    await gone;
    clearInterval(writing);
  });

  test('for which nobody can check credentials now may be tried again', async () => {
    const gateway = await graph.another({ env: { JWKS_URL: 'http://127.0.0.1:1/keys' } });
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, PROTOCOL);
    await once(socket, 'open');
    const token = await graph.tokens.sign({ sub: 'usr_1' });
    const payload = { authorization: `Bearer ${token}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    // To a client library 4401 is final, 1013 is not.
    assert.equal(await closed(socket), 1013);
    await gateway.close();
  });

  test('on other paths are refused', async () => {
    const socket = new WebSocket(`${graph.url.replace('http', 'ws')}/other`, PROTOCOL);
    const [error] = (await once(socket, 'error')) as [Error];
    assert.match(error.message, /404/);
  });

  test('are limited in number, and so are event streams', async () => {
    await sleep(100);
    const sockets = await Promise.all(Array.from({ length: 5 }, () => initialised()));
    const [error] = (await once(open(), 'error')) as [Error];
    assert.match(error.message, /503/);
    for (const socket of sockets) socket.terminate();
    const leaving = new AbortController();
    const stream = () =>
      fetch(`${graph.url}/graphql/stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify({ query: FEED }),
        signal: leaving.signal,
      });
    const streams = await Promise.all([stream(), stream()]);
    assert.ok(streams.every(({ status }) => status === 200));
    const refused = await stream();
    assert.equal(refused.status, 503);
    await refused.body?.cancel();
    leaving.abort();
    assert.equal(await upstreamCount(0), 0);
  });

  test('and streams end when the gateway stops', async () => {
    const gateway = await graph.another({});
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, PROTOCOL);
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await message(socket);
    subscribe(socket, '1');
    const stream = await fetch(`${gateway.url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: FEED }),
    });
    assert.equal(await upstreamCount(2), 2);
    const [code] = await Promise.all([closed(socket), stream.text(), gateway.close()]);
    assert.equal(code, 1001);
    assert.equal(await upstreamCount(0), 0);
  });
});
