import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FormattedExecutionResult } from 'graphql';
import { ask } from '../small-graph/ask.ts';
import { startParcels } from '../small-graph/parcels.ts';
import { SECRET, startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';
import { TRANSPORTS, overSocket } from './live-clients.ts';
import type { Watch } from './live-clients.ts';

const ONE = 'subscription ($id: ID!) { parcelWatched(id: $id) { status recipient { name } } }';
const ALL = 'subscription { parcelsMoved { id recipient { id } } }';

describe('a subscription that is resumed', { timeout: 120_000 }, () => {
  let graph: SmallGraph;
  let token: string;
  before(async () => {
    graph = await startSmallGraph();
    token = await graph.tokens.user(ORGANIZATIONS[0].id, 'parcels');
  });
  after(() => graph.close());

  for (const [name, transport] of TRANSPORTS) {
    test(`goes on over ${name} where it was left, with what was missed`, async () => {
      const feed = (cursor: unknown) =>
        transport(graph.url, { query: ALL, token, extensions: { cursor } });
      const first = feed(null);
      const beginning = cursorOf((await first.until(1))[0]);
      move('a', 'b');
      const [, a] = await first.until(3);
      first.leave();
      move('c', 'd');
      const second = feed(cursorOf(a));
      await second.until(3);
      move('e');
      assert.deepEqual(idsOf(await second.until(4)), ['b', 'c', 'd', 'e']);
      second.leave();
      const fromTheStart = feed(beginning);
      assert.deepEqual(idsOf(await fromTheStart.until(5)), ['a', 'b', 'c', 'd', 'e']);
      fromTheStart.leave();
    });

    test(`sends over ${name} what is newer than the state that is known, or the end`, async () => {
      const id = `known over ${name}`;
      const one = (extensions?: Record<string, unknown>) =>
        transport(graph.url, {
          query: ONE,
          variables: { id },
          token,
          ...(extensions ? { extensions } : {}),
        });
      const first = one();
      const cursor = cursorOf((await first.until(1))[0]);
      first.leave();
      const second = one({ cursor });
      graph.parcels.move(id, 'MOVING');
      await second.until(1);
      graph.parcels.move(id, 'DELIVERED');
      await second.ended;
      assert.deepEqual(statusesOf(second), ['MOVING', 'DELIVERED']);
      const over = one({ cursor: cursorOf(second.results[1]) });
      await over.ended;
      assert.deepEqual(over.results, []);
    });
  }

  test('comes through a restart of its subgraph without gap or repetition', async () => {
    const feed = overSocket(graph.url, { query: ALL, token });
    const one = overSocket(graph.url, { query: ONE, variables: { id: 'r1' }, token });
    await one.until(1);
    move('r1');
    await Promise.all([feed.until(1), one.until(2)]);
    const { port, memory } = graph.parcels;
    await graph.parcels.close();
    memory.history.push('r2', 'r3');
    Object.assign(graph.parcels, await startParcels(SECRET, port, memory));
    await feed.until(3);
    move('r4');
    assert.deepEqual(idsOf(await feed.until(4)), ['r1', 'r2', 'r3', 'r4']);
    graph.parcels.move('r1', 'DELIVERED');
    await one.ended;
    assert.deepEqual(statusesOf(one), ['CREATED', 'MOVING', 'DELIVERED']);
    feed.leave();
  });

  test('takes no cursor of another subscription, of other rights, or of nobody', async () => {
    const watched = overSocket(graph.url, { query: ONE, variables: { id: 'c' }, token });
    const cursor = String(cursorOf((await watched.until(1))[0]));
    watched.leave();
    const stranger = await graph.tokens.user(ORGANIZATIONS[1].id, 'parcels');
    const abler = await graph.tokens.user(ORGANIZATIONS[0].id, 'parcels', 'pii');
    for (const changes of [
      { variables: { id: 'other' } },
      { query: ONE.replace('status', 'id') },
      { token: stranger },
      { token: abler },
      { extensions: { cursor: `A${cursor.slice(1)}` } },
      { extensions: { cursor: 7 } },
    ]) {
      const asked = { query: ONE, variables: { id: 'c' }, token, extensions: { cursor } };
      const refused = overSocket(graph.url, { ...asked, ...changes });
      const [result] = await refused.until(1);
      const { code, argumentPath } = result?.errors?.[0]?.extensions ?? {};
      assert.deepEqual([code, argumentPath], ['BAD_USER_INPUT', ['extensions', 'cursor']]);
    }
  });

  test('is one subscription of the subgraph for all who have the same rights', async () => {
    const query = 'subscription { parcelWatched(id: "shared") { id status } }';
    const same = [token, await graph.tokens.user(ORGANIZATIONS[0].id, 'parcels')];
    const other = await graph.tokens.user(ORGANIZATIONS[0].id, 'parcels', 'pii');
    const before = await graph.parcels.open();
    const watches = Array.from({ length: 20 }, (_, index) =>
      overSocket(graph.url, { query, token: index === 0 ? other : `${same[index % 2]}` }),
    );
    await Promise.all(watches.map((watch) => watch.until(1)));
    assert.equal((await graph.parcels.open()) - before, 2);
    const late = overSocket(graph.url, { query, token });
    await late.until(1);
    graph.parcels.move('shared', 'DELIVERED');
    await Promise.all([...watches, late].map((watch) => watch.ended));
    for (const watch of [...watches, late]) {
      assert.deepEqual(statusesOf(watch), ['CREATED', 'DELIVERED']);
    }
    while ((await graph.parcels.open()) > before) await sleep(5);
  });

  test('leaves nobody to read from a cache what its last event contradicts', async () => {
    const other = await graph.another({});
    const asked = async (url: string) => {
      const before = graph.people.resolved.length;
      await ask(url, { query: '{ whoAmI }', token });
      return graph.people.resolved.length - before;
    };
    const askedBoth = async () => [await asked(graph.url), await asked(other.url)];
    await askedBoth();
    assert.deepEqual(await askedBoth(), [0, 0], 'both know it from the cache');
    const watch = overSocket(graph.url, { query: ONE, variables: { id: 'last' }, token });
    await watch.until(1);
    graph.parcels.move('last', 'MOVING');
    await watch.until(2);
    assert.deepEqual(await askedBoth(), [0, 0], 'nothing is final yet');
    graph.parcels.move('last', 'DELIVERED');
    await watch.ended;
    // The gateways share what they know, so that one of them asks for both.
    assert.deepEqual(await asked(other.url), 1);
    await other.close();
  });

  function move(...ids: string[]): void {
    for (const id of ids) graph.parcels.move(id, 'MOVING');
  }
});

function cursorOf(result: FormattedExecutionResult | undefined): unknown {
  return result?.extensions?.['cursor'];
}

function idsOf(results: FormattedExecutionResult[]): unknown[] {
  return results.map(({ data }) => (data?.['parcelsMoved'] as { id: string } | undefined)?.id);
}

function statusesOf({ results }: Watch): unknown[] {
  return results.map(
    ({ data }) => (data?.['parcelWatched'] as { status: string } | undefined)?.status,
  );
}
