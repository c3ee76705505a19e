import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';
import { TRANSPORTS } from './live-clients.ts';
import type { Watch } from './live-clients.ts';

const WATCH = 'subscription ($id: ID!) { parcelUpdated(id: $id) { status } }';
const FEED = 'subscription { parcelsUpdated { status } }';

describe('what one client may hold open', { timeout: 60_000 }, () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph();
  });
  after(() => graph.close());

  const refusal = async ({ results, ended }: Watch) => {
    const error = await ended.then(
      () => null,
      (reason: Error) => reason.message,
    );
    return `${error} ${JSON.stringify(results)}`;
  };

  for (const [name, transport] of TRANSPORTS) {
    test(`is so many connections and operations over ${name}`, async () => {
      const few = await graph.another({ env: { GATEWAY_MAX_CONNECTIONS_PER_CLIENT: '2' } });
      const less = await graph.another({ env: { GATEWAY_MAX_SUBSCRIPTIONS_PER_CLIENT: '1' } });
      const [ours, theirs] = await Promise.all(
        ORGANIZATIONS.map(({ id }) => graph.tokens.user(id, 'parcels')),
      );
      const watch = (url: string, id: string, token?: string) =>
        transport(url, { query: WATCH, variables: { id }, ...(token ? { token } : {}) });

      const held = [watch(few.url, '1', ours), watch(few.url, '2', ours)];
      await Promise.all(held.map((each) => each.until(1)));
      assert.match(await refusal(watch(few.url, '3', ours)), /429|1013 Too much/);
      const other = watch(few.url, '4', theirs);
      await other.until(1);

      const one = watch(less.url, '5', ours);
      await one.until(1);
      assert.match(await refusal(watch(less.url, '6', ours)), /429|RATE_LIMITED/);
      for (const each of [...held, other, one]) each.leave();
      while ((await graph.parcels.open()) > 0) await sleep(5);
      const again = watch(few.url, '7', ours);
      await again.until(1);
      again.leave();
      await Promise.all([few.close(), less.close()]);
    });
  }

  test('counts for each address behind a proxy, for those who show no credential', async () => {
    const gateway = await graph.another({
      env: { GATEWAY_MAX_CONNECTIONS_PER_CLIENT: '1', GATEWAY_TRUSTED_PROXIES: '1' },
    });
    const leaving = new AbortController();
    const open = async (address: string) => {
      const answer = await fetch(`${gateway.url}/graphql/stream`, {
        method: 'POST',
        headers: {
          accept: 'text/event-stream',
          'content-type': 'application/json',
          'x-forwarded-for': `192.0.2.99, ${address}`,
        },
        body: JSON.stringify({ query: FEED }),
        signal: leaving.signal,
      });
      return [answer.status, answer.headers.get('retry-after')];
    };
    assert.deepEqual(await open('192.0.2.1'), [200, null]);
    assert.deepEqual(await open('192.0.2.1'), [429, '5']);
    assert.deepEqual(await open('192.0.2.2'), [200, null]);
    leaving.abort();
    await gateway.close();
  });
});
