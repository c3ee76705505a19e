import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient as createStreamClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';
import { overMultipart } from './live-clients.ts';

const ALL = 'subscription { parcelsMoved { id } }';
const WATCH = 'subscription ($id: ID!) { parcelUpdated(id: $id) { status } }';

describe('a gateway that stops', { timeout: 60_000 }, () => {
  let graph: SmallGraph;
  let authorization: string;
  before(async () => {
    graph = await startSmallGraph();
    authorization = `Bearer ${await graph.tokens.user(ORGANIZATIONS[0].id, 'parcels')}`;
  });
  after(() => graph.close());

  const retryWait = () => sleep(10);
  const clients = {
    'graphql-ws': (url: () => string) =>
      createSocketClient({
        url: () => `${url().replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization },
        retryWait,
      }),
    'graphql-sse': (url: () => string) =>
      createStreamClient({
        url: () => `${url()}/graphql/stream`,
        headers: { authorization },
        retry: retryWait,
      }),
    'graphql-sse over a single connection': (url: () => string) =>
      createStreamClient({
        singleConnection: true,
        url: () => `${url()}/graphql/stream`,
        headers: () => ({ authorization }),
        retry: retryWait,
      }),
  };

  for (const [name, create] of Object.entries(clients)) {
    test(`sends clients of ${name} to another one, where they go on`, async () => {
      const old = await graph.another({});
      let url = old.url;
      const client = create(() => url);
      const id = `moves over ${name}`;
      const statuses: string[] = [];
      const completed = Promise.withResolvers<void>();
      client.subscribe<{ parcelUpdated: { status: string } }>(
        { query: WATCH, variables: { id } },
        {
          next: ({ data }) => void (data && statuses.push(data.parcelUpdated.status)),
          error: completed.reject,
          complete: completed.resolve,
        },
      );
      while (statuses.length === 0) await sleep(5);
      url = graph.url;
      await old.close();
      while (statuses.length === 1) await sleep(5);
      graph.parcels.move(id, 'DELIVERED');
      await completed.promise;
      assert.equal(statuses.at(-1), 'DELIVERED');
      await client.dispose();
    });
  }

  for (const name of ['graphql-ws', 'graphql-sse'] as const) {
    test(`loses and repeats no event of those who come back over ${name}`, async () => {
      const old = await graph.another({});
      let url = old.url;
      const client = clients[name](() => url);
      const seen: string[] = [];
      const payload = { query: ALL, extensions: { cursor: null as unknown } };
      client.subscribe<{ parcelsMoved: { id: string } }, { cursor?: string }>(payload, {
        next({ data, extensions }) {
          payload.extensions.cursor = extensions?.cursor;
          if (data) seen.push(data.parcelsMoved.id);
        },
        error: () => undefined,
        complete: () => undefined,
      });
      while (payload.extensions.cursor === null) await sleep(5);
      const ids = Array.from({ length: 30 }, (_, index) => `${name} ${index}`);
      url = graph.url;
      const closed = old.close();
      for (const id of ids) {
        graph.parcels.move(id, 'MOVING');
        await sleep(5);
      }
      await closed;
      while (seen.length < ids.length) await sleep(5);
      assert.deepEqual(seen, ids);
      await client.dispose();
    });
  }

  test('tells clients of multipart when to come again', async () => {
    const gateway = await graph.another({});
    const token = authorization.slice('Bearer '.length);
    const watch = overMultipart(gateway.url, { query: WATCH, variables: { id: 'm' }, token });
    await watch.until(1);
    await gateway.close();
    await watch.ended;
    const { code, retryAfterSeconds } = watch.results.at(-1)?.errors?.[0]?.extensions ?? {};
    assert.deepEqual([code, retryAfterSeconds], ['SERVICE_UNAVAILABLE', 1]);
  });
});
