import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';
import {
  overEventStream,
  overSingleConnection,
  overSocket,
} from '../subscriptions/live-clients.ts';
import type { Transport } from '../subscriptions/live-clients.ts';
import { apolloOverMultipart, apolloOverSocket } from './apollo-client.ts';
import { relayOverSocket } from './relay.ts';
import { urqlOverEventStream, urqlOverSocket } from './urql.ts';

const CLIENTS: [string, Transport][] = [
  ['graphql-ws', overSocket],
  ['graphql-sse', overEventStream],
  ['graphql-sse over a single connection', overSingleConnection],
  ['Apollo Client over multipart', apolloOverMultipart],
  ['Apollo Client over graphql-ws', apolloOverSocket],
  ['urql over graphql-ws', urqlOverSocket],
  ['urql over graphql-sse', urqlOverEventStream],
  ['Relay over graphql-ws', relayOverSocket],
];

const WATCH = `subscription Watch($id: ID!) {
  parcelUpdated(id: $id) { id status recipient { id name } }
}`;

describe('a client library', () => {
  let graph: SmallGraph;
  let token: string;
  before(async () => {
    graph = await startSmallGraph();
    token = await graph.tokens.user(ORGANIZATIONS[0].id, 'parcels');
  });
  after(() => graph.close());

  const statusesOf = (results: readonly { data?: unknown }[]) =>
    results.map(({ data }) => (data as { parcelUpdated: { status: string } }).parcelUpdated.status);

  for (const [index, [name, transport]] of CLIENTS.entries()) {
    test(`${name} gets the present state, every change and the end`, async () => {
      const id = `seen-${index}`;
      const watch = transport(graph.url, { query: WATCH, variables: { id }, token });
      await watch.until(1);
      graph.parcels.move(id, 'MOVING');
      await watch.until(2);
      graph.parcels.move(id, 'DELIVERED');
      await watch.ended;
      assert.deepEqual(statusesOf(watch.results), ['CREATED', 'MOVING', 'DELIVERED']);
    });

    test(`${name} gets a refusal with its code`, async () => {
      const watch = transport(graph.url, { query: WATCH, variables: { id: `no-${index}` } });
      await watch.until(1);
      assert.equal(watch.results[0]?.errors?.[0]?.extensions?.['code'], 'UNAUTHENTICATED');
      watch.leave();
    });

    test(`${name} leaves nothing behind`, async () => {
      const id = `left-${index}`;
      const watch = transport(graph.url, { query: WATCH, variables: { id }, token });
      await watch.until(1);
      watch.leave();
      while ((await graph.parcels.open()) > 0) await sleep(5);
    });
  }
});
