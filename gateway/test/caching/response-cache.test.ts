import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeId, newId } from '@quantumroute/schema/ids';
import type { JWTPayload } from 'jose';
import { ask } from '../small-graph/ask.ts';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';

const WHO = '{ whoAmI }';
const [ours, theirs] = ORGANIZATIONS;

describe('the response cache', () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph();
  });
  after(() => graph.close());
  beforeEach(async () => {
    await graph.redis.flush();
    graph.people.resolved.length = 0;
  });

  const asked = (field: string) => graph.people.resolved.filter((each) => each === field).length;
  // Apollo writes to the cache behind the answer.
  const settled = () => sleep(50);
  const who = async (claims: JWTPayload) => {
    const token = await graph.tokens.sign({ sub: 'usr_1', ...claims });
    const { data } = await ask(graph.url, { query: WHO, token });
    await settled();
    return data?.['whoAmI'];
  };

  test('answers a second time without asking the subgraph', async () => {
    const claims = { org: ours.id, scope: 'a' };
    assert.equal(await who(claims), await who(claims));
    assert.equal(asked('whoAmI'), 1);
  });

  test('shows nobody what another organization, driver or scope may see', async () => {
    const driver = encodeId('driver', newId());
    const callers: JWTPayload[] = [
      { org: ours.id, scope: 'a' },
      { org: theirs.id, scope: 'a' },
      { org: ours.id, scope: 'a b' },
      { org: ours.id, scope: 'b' },
      { org: ours.id, scope: '' },
      { org: ours.id, scope: 'a', driver },
      { scope: 'a' },
    ];
    const answers: unknown[] = [];
    for (const round of [1, 2]) {
      for (const claims of callers) answers.push(await who(claims));
      assert.equal(asked('whoAmI'), callers.length, `round ${round}`);
    }
    const { data } = await ask(graph.url, { query: WHO });
    assert.equal(data?.['whoAmI'], 'anonymous||||');
    assert.equal(new Set(answers).size, callers.length);
  });

  test('takes the order of scopes for what it is', async () => {
    await who({ org: ours.id, scope: 'a b' });
    await who({ org: ours.id, scope: 'b a' });
    assert.equal(asked('whoAmI'), 1);
  });

  test('keeps what is public apart for each caller too', async () => {
    const token = await graph.tokens.user(ours.id);
    for (const question of [{ query: '{ motto }' }, { query: '{ motto }', token }]) {
      await ask(graph.url, question);
      await settled();
      await ask(graph.url, question);
    }
    assert.equal(asked('motto'), 2);
  });

  test('is never asked for what the caller may not read', async () => {
    await ask(graph.url, { query: '{ notes }', token: await graph.tokens.user(ours.id) });
    await settled();
    assert.equal((await ask(graph.url, { query: '{ notes }' })).status, 401);
  });

  test('gives way to one’s own write, for the whole organization and no other', async () => {
    const read = async (organization: string) => {
      const token = await graph.tokens.user(organization);
      const { data } = await ask(graph.url, { query: '{ notes }', token });
      await settled();
      return data?.['notes'];
    };
    assert.deepEqual(await read(ours.id), []);
    assert.deepEqual(await read(theirs.id), []);
    const token = await graph.tokens.user(ours.id, 'other');
    await ask(graph.url, { query: 'mutation { noteAdd(text: "new") }', token });
    assert.deepEqual(await read(ours.id), ['new']);
    assert.equal(asked('notes'), 3);
    assert.deepEqual(await read(theirs.id), []);
    assert.equal(asked('notes'), 3);
  });

  test('stays as it is while machines report, unless something else is written with it', async () => {
    const claims = { org: ours.id, scope: 'a' };
    const token = await graph.tokens.user(ours.id);
    const write = async (query: string) => {
      assert.equal((await ask(graph.url, { query, token })).errors, undefined);
      await who(claims);
      return asked('whoAmI');
    };
    await who(claims);
    assert.equal(await write('mutation { one: beat two: beat }'), 1);
    assert.equal(await write('mutation { beat noteAdd(text: "with it") }'), 2);
    assert.equal(await write('mutation { ... { beat } }'), 3, 'nobody looks into fragments');
  });

  test('keeps nothing that has errors, and nothing without a hint', async () => {
    for (const query of ['{ motto broken }', '{ person(id: 1) { name } }']) {
      await ask(graph.url, { query });
      await settled();
      await ask(graph.url, { query });
    }
    assert.equal(asked('motto'), 2);
    assert.equal(asked('person'), 2);
  });

  test('is not asked when batching is switched off, to show what that costs', async () => {
    const headers = { 'x-quantumroute-batching': 'off' };
    for (const times of [1, 2]) {
      await ask(graph.url, { query: '{ motto }', headers });
      await settled();
      assert.equal(asked('motto'), times);
    }
  });

  test('tells clients and proxies to keep nothing', async () => {
    const { headers } = await ask(graph.url, { query: '{ motto }' });
    assert.equal(headers.get('cache-control'), 'no-store');
  });

  test('counts hits and misses', async () => {
    const gateway = await graph.another({});
    const outcomes = async () => {
      const { values } = await gateway.metrics.cacheRequests.get();
      const ofResponses = values.filter(({ labels }) => labels.cache === 'response');
      return Object.fromEntries(ofResponses.map(({ labels, value }) => [labels.outcome, value]));
    };
    await ask(gateway.url, { query: '{ motto }' });
    await settled();
    await ask(gateway.url, { query: '{ motto }' });
    assert.deepEqual(await outcomes(), { miss: 1, hit: 1 });
    await gateway.close();
  });

  test('keeps at most so many answers, and none that is too large', async () => {
    const env = { GATEWAY_CACHE_ENTRIES: '3', GATEWAY_CACHE_ENTRY_BYTES: '400' };
    const small = await graph.another({ env });
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await ask(small.url, { query: `{ ${name}: motto }` });
    }
    await settled();
    for (const name of ['e', 'a']) await ask(small.url, { query: `{ ${name}: motto }` });
    assert.equal(asked('motto'), 6);
    const large = `{ ${Array.from({ length: 30 }, (_, index) => `m${index}: whoAmI`).join(' ')} }`;
    const limits = { GATEWAY_MAX_ROOT_FIELDS: '100' };
    const other = await graph.another({ env: { ...env, ...limits } });
    await ask(other.url, { query: large });
    await settled();
    await ask(other.url, { query: large });
    assert.equal(asked('whoAmI'), 60);
    await Promise.all([small.close(), other.close()]);
  });

  test('is no error and costs little while Redis is away; writes are not forgotten', async () => {
    const token = await graph.tokens.user(ours.id);
    const notes = async () => {
      const answer = await ask(graph.url, { query: '{ notes }', token });
      assert.equal(answer.errors, undefined);
      return answer.data?.['notes'] as string[];
    };
    const known = await notes();
    await settled();
    await graph.redis.kill();
    const startedAt = performance.now();
    for (let count = 0; count < 10; count += 1) assert.deepEqual(await notes(), known);
    assert.ok(performance.now() - startedAt < 2_000);
    await ask(graph.url, { query: 'mutation { noteAdd(text: "meanwhile") }', token });
    await graph.redis.start();
    await sleep(1_500);
    assert.deepEqual(await notes(), [...known, 'meanwhile']);
  });
});
