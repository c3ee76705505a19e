import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../small-graph/ask.ts';
import { startParcels } from '../small-graph/parcels.ts';
import { SECRET, startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';
import { TRANSPORTS } from './live-clients.ts';

const WATCH = `subscription Watch($id: ID!) {
  parcelUpdated(id: $id) { id status recipient { id name } }
}`;

for (const [name, transport] of TRANSPORTS) {
  describe(`a subscription over ${name}`, () => {
    let graph: SmallGraph;
    let token: string;
    before(async () => {
      graph = await startSmallGraph();
      token = await graph.tokens.user(ORGANIZATIONS[0].id, 'parcels');
    });
    after(() => graph.close());

    const noneOpen = async () => {
      const deadline = Date.now() + 1_000;
      while ((await graph.parcels.open()) > 0 && Date.now() < deadline) await sleep(5);
      return (await graph.parcels.open()) === 0;
    };

    test('sends the present state, each change with fields of every subgraph, and the end', async () => {
      const watch = transport(graph.url, { query: WATCH, variables: { id: 'a' }, token });
      await watch.until(1);
      graph.parcels.move('a', 'MOVING');
      await watch.until(2);
      graph.parcels.move('a', 'DELIVERED');
      await watch.ended;
      assert.deepEqual(
        watch.results,
        ['CREATED', 'MOVING', 'DELIVERED'].map((status) => ({
          data: { parcelUpdated: { id: 'a', status, recipient: { id: 'a', name: 'Person a' } } },
        })),
      );
      assert.ok(await noneOpen());
    });

    test('ends at once for a subscriber who comes after the end', async () => {
      graph.parcels.move('done', 'DELIVERED');
      const watch = transport(graph.url, { query: WATCH, variables: { id: 'done' }, token });
      await watch.ended;
      assert.equal(watch.results.length, 1);
    });

    test('carries the identity of its own caller to the subgraph', async () => {
      const other = await graph.tokens.user(ORGANIZATIONS[1].id, 'parcels');
      const watches = [token, other].map((each) =>
        transport(graph.url, { query: WATCH, variables: { id: 'mine' }, token: each }),
      );
      graph.parcels.identities.length = 0;
      await Promise.all(watches.map((watch) => watch.until(1)));
      const organizations = graph.parcels.identities.map(({ organizationId }) => organizationId);
      const expected = ORGANIZATIONS.map(({ uuid }) => uuid);
      assert.deepEqual(new Set(organizations), new Set(expected));
      for (const watch of watches) watch.leave();
      assert.ok(await noneOpen());
    });

    test('is given up in the subgraph at once when the client leaves', async () => {
      const watches = Array.from({ length: 20 }, (_, index) =>
        transport(graph.url, { query: WATCH, variables: { id: `leave-${index}` }, token }),
      );
      await Promise.all(watches.map((watch) => watch.until(1)));
      assert.equal(await graph.parcels.open(), 20);
      for (const watch of watches) watch.leave();
      assert.ok(await noneOpen());
      const { values } = await graph.metrics.openSubscriptions.get();
      assert.deepEqual(
        values.map(({ value, labels }) => [labels.field, value]),
        [['parcelUpdated', 0]],
      );
    });

    test('needs the scope of its field', async () => {
      const query = 'subscription { parcelUpdated(id: "1") { id } }';
      const scopeless = await graph.tokens.user(ORGANIZATIONS[0].id);
      for (const [credentials, code] of [
        [{}, 'UNAUTHENTICATED'],
        [{ token: scopeless }, 'FORBIDDEN'],
      ] as const) {
        const watch = transport(graph.url, { query, ...credentials });
        await watch.until(1);
        assert.equal(watch.results[0]?.errors?.[0]?.extensions?.['code'], code);
        assert.equal(watch.results[0]?.data, undefined);
      }
      assert.equal(await graph.parcels.open(), 0);
    });

    test('needs the scopes of the fields of other subgraphs too', async () => {
      const query = 'subscription { parcelUpdated(id: "1") { recipient { phone } } }';
      const watch = transport(graph.url, { query, token });
      await watch.until(1);
      const [error] = watch.results[0]?.errors ?? [];
      assert.equal(error?.extensions?.['coordinate'], 'Person.phone');
      assert.equal(error?.extensions?.['code'], 'FORBIDDEN');
    });

    test('is within the limits of any operation', async () => {
      const aliases = Array.from({ length: 60 }, (_, index) => `a${index}: id`).join(' ');
      const query = `subscription { parcelUpdated(id: "1") { ${aliases} } }`;
      const watch = transport(graph.url, { query, token });
      await watch.until(1);
      const [error] = watch.results[0]?.errors ?? [];
      assert.equal(error?.extensions?.['code'], 'OPERATION_TOO_EXPENSIVE');
    });

    test('that is not GraphQL ends alone', async () => {
      const watch = transport(graph.url, { query: 'subscription {', token });
      await watch.until(1);
      const [error] = watch.results[0]?.errors ?? [];
      assert.equal(error?.extensions?.['code'], 'GRAPHQL_PARSE_FAILED');
    });

    test('refuses a bad token', async () => {
      const watch = transport(graph.url, { query: WATCH, variables: { id: '1' }, token: 'bad' });
      await assert.rejects(watch.ended, /4401|401/);
      assert.equal(await graph.parcels.open(), 0);
    });

    test('may also be a query or a mutation', async () => {
      const query = transport(graph.url, { query: '{ motto }', token });
      await query.ended;
      assert.deepEqual(query.results, [{ data: { motto: 'On time' } }]);
      const mutation = 'mutation { parcelMove(id: "m", status: "LOST") { id status } }';
      const moved = transport(graph.url, { query: mutation, token });
      await moved.ended;
      assert.deepEqual(moved.results, [{ data: { parcelMove: { id: 'm', status: 'LOST' } } }]);
    });

    test('goes on when its subgraph comes back, with the present state first', async () => {
      const watch = transport(graph.url, { query: WATCH, variables: { id: 'r' }, token });
      await watch.until(1);
      const { port } = graph.parcels;
      await graph.parcels.close();
      const restarted = await startParcels(SECRET, port);
      restarted.statuses.set('r', 'DELIVERED');
      await watch.ended;
      const last = watch.results.at(-1)?.data as { parcelUpdated: { status: string } };
      assert.equal(last.parcelUpdated.status, 'DELIVERED');
      Object.assign(graph.parcels, restarted);
    });

    test('ends with a code when its subgraph stays away', async () => {
      const env = { GATEWAY_SUBGRAPH_RECONNECT_MS: '300' };
      const impatient = await graph.another({
        env,
        urls: { parcels: 'http://127.0.0.1:1/graphql' },
      });
      const watch = transport(impatient.url, { query: WATCH, variables: { id: '1' }, token });
      await watch.ended;
      assert.deepEqual(
        watch.results.map(({ errors }) => errors?.[0]?.extensions?.['code']),
        ['SUBGRAPH_UNAVAILABLE'],
      );
      await impatient.close();
    });

    test('costs only its own fields when another subgraph is away', async () => {
      const partial = await graph.another({ urls: { people: 'http://127.0.0.1:1/graphql' } });
      const watch = transport(partial.url, { query: WATCH, variables: { id: 'p' }, token });
      const [first] = await watch.until(1);
      assert.deepEqual(first?.errors?.[0]?.extensions?.['code'], 'SUBGRAPH_UNAVAILABLE');
      assert.deepEqual(first?.data?.['parcelUpdated'], {
        id: 'p',
        status: 'CREATED',
        recipient: null,
      });
      watch.leave();
      await partial.close();
    });

    test('ends when its token expires', async () => {
      const claims = { sub: 'usr_1', org: ORGANIZATIONS[0].id, scope: 'parcels' };
      const short = await graph.tokens.sign(claims, { expiresIn: '1s' });
      const watch = transport(graph.url, {
        query: WATCH,
        variables: { id: 'short' },
        token: short,
      });
      await watch.until(1);
      await watch.ended.catch(() => undefined);
      assert.ok(await noneOpen());
    });
  });
}

test('subscriptions over plain HTTP are refused with a hint', async () => {
  const graph = await startSmallGraph();
  const query = 'subscription { parcelsUpdated { id } }';
  const answer = await ask(graph.url, { query });
  assert.equal(answer.status, 400);
  assert.equal(answer.errors?.[0]?.extensions?.['code'], 'BAD_REQUEST');
  await graph.close();
});
