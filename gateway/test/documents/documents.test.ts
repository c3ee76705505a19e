import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeId, newId } from '@quantumroute/schema/ids';
import { Redis } from 'ioredis';
import { ask, codeOf } from '../small-graph/ask.ts';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';
import { overEventStream, overSocket } from '../subscriptions/live-clients.ts';

const REGISTERED = 'query Who { whoAmI }';
const WATCH = 'subscription Watch { parcelUpdated(id: "1") { id } }';
const OTHERS = 'query Others { motto }';
const [{ id: organization }] = ORGANIZATIONS;

const hashOf = (document: string) => createHash('sha256').update(document).digest('hex');
const byHash = (document: string) => ({
  persistedQuery: { version: 1, sha256Hash: hashOf(document) },
});
const listOf = (...documents: string[]) =>
  new Map(documents.map((document) => [hashOf(document), document]));

describe('registered operations', () => {
  let graph: SmallGraph;
  let token: string;
  before(async () => {
    const manifests = new Map([
      ['harbor', listOf(REGISTERED, WATCH)],
      ['web', listOf(OTHERS)],
    ]);
    graph = await startSmallGraph({ manifests });
    token = await partnerToken('harbor');
  });
  after(() => graph.close());

  const partnerToken = (client?: string) =>
    graph.tokens.sign({
      sub: 'par_1',
      org: organization,
      partner: encodeId('partner', newId()),
      scope: 'parcels',
      ...(client ? { client } : {}),
    });

  test('run for a partner by hash and by text', async () => {
    for (const question of [{ query: REGISTERED }, { extensions: byHash(REGISTERED) }]) {
      const { data } = await ask(graph.url, { ...question, token });
      assert.match(String(data?.['whoAmI']), /^partner/);
    }
  });

  const refused: Record<string, object> = {
    'another text': { query: '{ motto }' },
    'the same text with a space more': { query: `${REGISTERED} ` },
    'a text that is no GraphQL': { query: '{' },
    'another text under a registered hash': {
      query: '{ motto }',
      extensions: byHash(REGISTERED),
    },
    'an unknown hash': { extensions: byHash('{ motto }') },
    'an operation of another client': { query: OTHERS },
    'a hash of another client': { extensions: byHash(OTHERS) },
  };
  for (const [what, question] of Object.entries(refused)) {
    test(`are all that a partner may run: ${what} is refused`, async () => {
      const answer = await ask(graph.url, { ...question, token });
      assert.equal(codeOf(answer), 'PERSISTED_QUERY_REQUIRED');
      assert.equal(answer.status, 403);
    });
  }

  test('are none for a partner whose client is not known', async () => {
    for (const client of [undefined, 'nobody']) {
      const answer = await ask(graph.url, { query: REGISTERED, token: await partnerToken(client) });
      assert.equal(codeOf(answer), 'PERSISTED_QUERY_REQUIRED');
    }
  });

  test('are all that a partner may watch', async () => {
    for (const transport of [overSocket, overEventStream]) {
      const watch = transport(graph.url, { query: WATCH, token });
      assert.deepEqual((await watch.until(1))[0], { data: { parcelUpdated: { id: '1' } } });
      watch.leave();
      const query = 'subscription { parcelsUpdated { id } }';
      const other = transport(graph.url, { query, token });
      const [first] = await other.until(1);
      assert.equal(first?.errors?.[0]?.extensions?.['code'], 'PERSISTED_QUERY_REQUIRED');
    }
  });

  test('run by hash for other clients too, who may send their own', async () => {
    assert.deepEqual((await ask(graph.url, { extensions: byHash(OTHERS) })).data, {
      motto: 'On time',
    });
    assert.equal((await ask(graph.url, { query: '{ m: motto }' })).errors, undefined);
  });
});

describe('automatic persisted queries', () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph({ env: { GATEWAY_PERSISTED_QUERIES: '3' } });
  });
  after(() => graph.close());

  const send = async (query: string) => {
    const answer = await ask(graph.url, { query, extensions: byHash(query) });
    await sleep(30);
    return answer;
  };
  const isKnown = async (query: string) =>
    codeOf(await ask(graph.url, { extensions: byHash(query) })) !== 'PERSISTED_QUERY_NOT_FOUND';

  test('are known after they were sent once, on every gateway', async () => {
    const query = '{ one: motto }';
    assert.equal(await isKnown(query), false);
    await send(query);
    assert.equal(await isKnown(query), true);
    const other = await graph.another({});
    const { data } = await ask(other.url, { extensions: byHash(query) });
    assert.deepEqual(data, { one: 'On time' });
    await other.close();
  });

  test('hold nothing that was refused', async () => {
    const refused = [
      '{ people(first: 1000000) { id } }',
      '{ notes }',
      '{ nothing }',
      `{ ${Array.from({ length: 30 }, () => 'motto').join(' ')} }`,
    ];
    for (const query of refused) {
      assert.notEqual((await send(query)).errors, undefined);
      assert.equal(await isKnown(query), false, query);
    }
  });

  test('must match their hash', async () => {
    const forged = { query: '{ motto }', extensions: byHash('{ other }') };
    const future = { query: '{ motto }', extensions: { persistedQuery: { version: 2 } } };
    for (const question of [forged, future]) {
      const answer = await ask(graph.url, question);
      assert.equal(answer.status, 400);
      assert.equal(codeOf(answer), 'BAD_REQUEST');
    }
  });

  test('are bounded in number and time', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await send(`{ ${name}: motto }`);
    assert.equal(await isKnown('{ a: motto }'), false);
    assert.equal(await isKnown('{ d: motto }'), true);
    const redis = new Redis(graph.redis.url);
    const keys = await redis.keys('qr:gateway:documents:entry:*');
    assert.equal(keys.length, 3);
    for (const key of keys) assert.ok((await redis.ttl(key)) > 0);
    redis.disconnect();
  });
});
