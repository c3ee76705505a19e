import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';

type Message = { type: string; id?: string; payload?: Record<string, unknown> };

const WATCH = 'subscription ($id: ID!) { parcelUpdated(id: $id) { status } }';
const [{ id: OURS }, { id: THEIRS }] = ORGANIZATIONS;

describe('an open socket', { timeout: 60_000 }, () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph();
  });
  after(() => graph.close());

  const tokenOf = (scope: string, { org = OURS, expiresIn = '5m' } = {}) =>
    graph.tokens.sign({ sub: 'usr_1', org, scope }, { expiresIn });
  /** A socket that is initialised and watches one parcel. */
  const watching = async (id: string, token: string) => {
    const address = `${graph.url.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(address, 'graphql-transport-ws');
    await once(socket, 'open');
    const messages: Message[] = [];
    socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as Message));
    const say = (message: Message) => socket.send(JSON.stringify(message));
    const until = async (isIt: (message: Message) => boolean) => {
      for (;;) {
        const found = messages.find(isIt);
        if (found) return found;
        await sleep(5);
      }
    };
    const show = async (shown: string) => {
      messages.splice(0, messages.length, ...messages.filter(({ type }) => type !== 'pong'));
      say({ type: 'ping', payload: { authorization: `Bearer ${shown}` } });
      return (await until(({ type }) => type === 'pong')).payload;
    };
    say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    await until(({ type }) => type === 'connection_ack');
    const subscribe = (name: string) =>
      say({ type: 'subscribe', id: name, payload: { query: WATCH, variables: { id: name } } });
    subscribe(id);
    await until((message) => message.id === id);
    return { socket, messages, until, show, say, subscribe };
  };

  test('stays open with a newer token, and no event is lost or told again', async () => {
    const { socket, messages, until, show } = await watching(
      'kept',
      await tokenOf('parcels', { expiresIn: '3s' }),
    );
    const pong = await show(await tokenOf('parcels'));
    assert.ok(Date.parse(pong?.['expiresAt'] as string) > Date.now() + 60_000);
    await sleep(3_200);
    assert.equal(socket.readyState, WebSocket.OPEN);
    graph.parcels.move('kept', 'DELIVERED');
    await until(({ type }) => type === 'complete');
    const statuses = messages
      .filter(({ type }) => type === 'next')
      .map(({ payload }) => JSON.stringify(payload?.['data']));
    assert.deepEqual(statuses, [
      '{"parcelUpdated":{"status":"CREATED"}}',
      '{"parcelUpdated":{"status":"DELIVERED"}}',
    ]);
    socket.close();
  });

  test('takes no token that is wrong or of somebody else, and goes on', async () => {
    const { socket, until, show } = await watching('mine', await tokenOf('parcels'));
    assert.match(JSON.stringify(await show('wrong')), /"code":"UNAUTHENTICATED"/);
    const foreign = await tokenOf('parcels', { org: THEIRS });
    assert.match(JSON.stringify(await show(foreign)), /"code":"FORBIDDEN"/);
    graph.parcels.move('mine', 'DELIVERED');
    await until(({ type }) => type === 'complete');
    socket.close();
  });

  test('ends what a lesser token may not cover, and runs what it does', async () => {
    const { socket, messages, until, show, subscribe } = await watching(
      'wide',
      await tokenOf('parcels more'),
    );
    const pong = await show(await tokenOf('parcels'));
    assert.ok(pong?.['expiresAt']);
    await until(({ type, id }) => type === 'complete' && id === 'wide');
    const last = messages.findLast(({ type, id }) => type === 'next' && id === 'wide');
    assert.match(JSON.stringify(last), /"code":"FORBIDDEN"/);
    subscribe('narrow');
    await until(({ type, id }) => type === 'next' && id === 'narrow');
    socket.close();
  });

  test('echoes a ping that shows no credential', async () => {
    const { socket, until, say } = await watching('echo', await tokenOf('parcels'));
    say({ type: 'ping', payload: { at: 1 } });
    assert.deepEqual((await until(({ type }) => type === 'pong')).payload, { at: 1 });
    socket.close();
  });

  test('whose token expired is closed so that clients come back with a new one', async () => {
    const closes: number[] = [];
    const client = createClient({
      url: `${graph.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryWait: async () => undefined,
      connectionParams: async () => {
        const expiresIn = closes.length === 0 ? '2s' : '5m';
        return { authorization: `Bearer ${await tokenOf('parcels', { expiresIn })}` };
      },
      on: { closed: (event) => closes.push((event as { code: number }).code) },
    });
    const results: unknown[] = [];
    const completed = Promise.withResolvers<void>();
    client.subscribe(
      { query: WATCH, variables: { id: 'back' } },
      {
        next: (result) => results.push(result),
        error: completed.reject,
        complete: completed.resolve,
      },
    );
    while (closes.length === 0 || results.length < 2) await sleep(5);
    assert.equal(closes[0], 4403);
    graph.parcels.move('back', 'DELIVERED');
    await completed.promise;
    await client.dispose();
  });
});
