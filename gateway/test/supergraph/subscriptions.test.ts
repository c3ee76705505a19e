import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FormattedExecutionResult } from 'graphql';
import { parcelsTypeDefs, startParcels } from '../small-graph/parcels.ts';
import { SECRET, smallSupergraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';
import { TRANSPORTS, overSocket } from '../subscriptions/live-clients.ts';
import { startChangingGraph } from './changing-graph.ts';
import type { ChangingGraph } from './changing-graph.ts';
import { startContacts } from './contacts.ts';

const FIRST = smallSupergraph();
const ONE = 'subscription ($id: ID!) { parcelWatched(id: $id) { status recipient { name } } }';
const ALL = 'subscription { parcelsMoved { id } }';
const MOVES = 'quantumroute_subscription_moves_total';

describe('a subscription whose supergraph is changed', { timeout: 120_000 }, () => {
  let graph: ChangingGraph;
  let contacts: Awaited<ReturnType<typeof startContacts>>;
  let token: string;
  before(async () => {
    contacts = await startContacts();
    graph = await startChangingGraph();
    token = await graph.tokens.user(ORGANIZATIONS[0].id, 'parcels');
  });
  after(async () => {
    await graph.close();
    await contacts.close();
  });

  const withContacts = () => smallSupergraph({ others: [contacts] });

  for (const [name, transport] of TRANSPORTS) {
    test(`goes on over ${name} with a plan of the new one`, async () => {
      const id = `goes on over ${name}`;
      const watch = transport(graph.url, { query: ONE, variables: { id }, token });
      await watch.until(1);
      const before = await graph.parcels.open();
      await graph.change(withContacts());
      graph.parcels.move(id, 'MOVING');
      await watch.until(2);
      assert.equal(await graph.parcels.open(), before, 'the subgraph sees nothing of it');
      await graph.change(FIRST);
      graph.parcels.move(id, 'DELIVERED');
      await watch.ended;
      assert.deepEqual(watch.results.map(watched), [
        ['CREATED', `Person ${id}`],
        ['MOVING', `Contact ${id}`],
        ['DELIVERED', `Person ${id}`],
      ]);
    });

    test(`that does not fit ends over ${name} with a code, the reason and its cursor`, async () => {
      const watch = transport(graph.url, { query: ALL, token, extensions: { cursor: null } });
      await watch.until(1);
      graph.parcels.move('a', 'MOVING');
      await watch.until(2);
      await graph.change(smallSupergraph({ parcels: withoutLine('parcelsMoved') }));
      await watch.ended;
      const last = watch.results.at(-1);
      assert.deepEqual(codesOf(last), ['SUBSCRIPTION_SCHEMA_RELOAD', 'GRAPHQL_VALIDATION_FAILED']);
      await graph.change(FIRST);
      graph.parcels.move('b', 'MOVING');
      const { cursor } = last?.extensions ?? {};
      const again = transport(graph.url, { query: ALL, token, extensions: { cursor } });
      assert.deepEqual((await again.until(1)).map(idOf), ['b']);
      again.leave();
    });
  }

  test('loses and repeats no event while that happens again and again', async () => {
    const watches = [...TRANSPORTS].map(([, transport]) =>
      transport(graph.url, { query: ALL, token, extensions: { cursor: null } }),
    );
    await Promise.all(watches.map((watch) => watch.until(1)));
    const ids: string[] = [];
    let isOver = false;
    const moving = (async () => {
      while (!isOver) {
        ids.push(`${ids.length}`);
        graph.parcels.move(ids.at(-1) ?? '', 'MOVING');
        await sleep(1);
      }
    })();
    for (let round = 0; round < 3; round += 1) {
      await graph.change(withContacts());
      await graph.change(FIRST);
    }
    isOver = true;
    await moving;
    for (const watch of watches) {
      await watch.until(ids.length + 1);
      assert.deepEqual(watch.results.slice(1).map(idOf), ids);
      watch.leave();
    }
  });

  test('is shared with those who come later, as before', async () => {
    const query = 'subscription { parcelWatched(id: "shared later") { status } }';
    while ((await graph.parcels.open()) > 0) await sleep(5);
    const early = overSocket(graph.url, { query, token });
    await early.until(1);
    await graph.change(withContacts());
    const late = overSocket(graph.url, { query, token });
    await late.until(1);
    assert.equal(await graph.parcels.open(), 1);
    graph.parcels.move('shared later', 'DELIVERED');
    await Promise.all([early.ended, late.ended]);
    assert.deepEqual(early.results.length, 2);
    await graph.change(FIRST);
  });

  test('ends when its client may not have it any more', async () => {
    const watch = overSocket(graph.url, { query: ONE, variables: { id: 'x' }, token });
    await watch.until(1);
    const from = 'parcelWatched(id: ID!): Parcel!';
    const parcels = parcelsTypeDefs.replace(from, `${from} @requiresScopes(scopes: [["more"]])`);
    await graph.change(smallSupergraph({ parcels }));
    await watch.ended;
    assert.deepEqual(codesOf(watch.results.at(-1)), ['SUBSCRIPTION_SCHEMA_RELOAD', 'FORBIDDEN']);
    await graph.change(FIRST);
  });
});

describe('a subscription that comes to depend on who asks', { timeout: 60_000 }, () => {
  test('ends, since it was run for nobody in particular', async () => {
    const parcels = parcelsTypeDefs.replace('"@key",', '"@key", "@tag",');
    const graph = await startChangingGraph({ first: smallSupergraph({ parcels }) });
    const token = await graph.tokens.user(ORGANIZATIONS[0].id, 'parcels');
    const query = 'subscription { parcelWatched(id: "x") { status } }';
    const watch = overSocket(graph.url, { query, token });
    await watch.until(1);
    const tagged = parcels.replace('status: String!\n', 'status: String! @tag(name: "subject")\n');
    await graph.change(smallSupergraph({ parcels: tagged }));
    await watch.ended;
    assert.deepEqual(codesOf(watch.results.at(-1)), ['SUBSCRIPTION_SCHEMA_RELOAD']);
    await graph.close();
  });
});

describe('a subscription whose subgraph is elsewhere under the next supergraph', () => {
  test('goes on there after its last position, or ends if it has none', async () => {
    const graph = await startChangingGraph({ urls: { parcels: undefined } });
    const { memory } = graph.parcels;
    const second = await startParcels(SECRET, 0, memory);
    const token = await graph.tokens.user(ORGANIZATIONS[0].id, 'parcels');
    const at = (url: string) =>
      FIRST.replaceAll(
        `graph(name: "parcels", url: "${NOWHERE}"`,
        `graph(name: "parcels", url: "${url}"`,
      );
    await graph.change(at(graph.parcels.url));
    const feed = overSocket(graph.url, { query: ALL, token, extensions: { cursor: null } });
    const one = overSocket(graph.url, { query: ONE, variables: { id: 'x' }, token });
    const untold = overSocket(graph.url, {
      query: 'subscription { parcelUpdated(id: "u") { status } }',
      token,
    });
    await Promise.all([feed.until(1), one.until(1), untold.until(1)]);
    graph.parcels.move('a', 'MOVING');
    await feed.until(2);
    // Nobody is told of these two.
    memory.history.push('b', 'x');
    await graph.change(at(second.url));
    second.move('c', 'MOVING');
    await feed.until(5);
    assert.deepEqual(feed.results.slice(1).map(idOf), ['a', 'b', 'x', 'c']);
    second.move('x', 'DELIVERED');
    await one.ended;
    assert.deepEqual(
      one.results.map((result) => watched(result)[0]),
      ['CREATED', 'CREATED', 'DELIVERED'],
    );
    await untold.ended;
    assert.deepEqual(codesOf(untold.results.at(-1)), ['SUBSCRIPTION_SCHEMA_RELOAD']);
    assert.equal(await graph.parcels.open(), 0);
    const moved = (outcome: string) => graph.valueOf(MOVES, { outcome });
    assert.deepEqual(
      [await moved('kept'), await moved('reopened'), await moved('ended')],
      [0, 2, 1],
    );
    feed.leave();
    await second.close();
    await graph.close();
  });
});

const NOWHERE = 'http://127.0.0.1:1/graphql';

function withoutLine(field: string): string {
  return parcelsTypeDefs.replace(new RegExp(`\\n *${field}\\b.*`), '');
}

function watched({ data }: FormattedExecutionResult): unknown[] {
  const { status, recipient } = (data?.['parcelWatched'] ?? {}) as {
    status?: string;
    recipient?: { name: string };
  };
  return [status, recipient?.name];
}

function idOf({ data }: FormattedExecutionResult): unknown {
  return (data?.['parcelsMoved'] as { id: string } | undefined)?.id;
}

function codesOf(result: FormattedExecutionResult | undefined): unknown[] {
  return (result?.errors ?? []).map(({ extensions }) => extensions?.['code']);
}
