import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import { startFaultySubgraph as startHttpServer } from '../faults/faulty-subgraph.ts';
import type { FaultySubgraph as TestServer } from '../faults/faulty-subgraph.ts';
import { ask, codeOf } from '../small-graph/ask.ts';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';

type Key = { kid: string; privateKey: CryptoKey; jwk: JWK };

describe('keys over HTTP', () => {
  let graph: SmallGraph;
  let server: TestServer;
  let [first, second]: Key[] = [];
  let published: Key[];
  let behaviour: 'answers' | 'hangs' | 'fails' = 'answers';
  before(async () => {
    graph = await startSmallGraph();
    [first, second] = await Promise.all([createKey('first'), createKey('second')]);
    published = [first];
    server = await startHttpServer((_request, response) => {
      if (behaviour === 'hangs') return;
      if (behaviour === 'fails') return void response.writeHead(500).end('secret');
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys: published.map(({ jwk }) => jwk) }));
    });
  });
  after(async () => {
    await graph.close();
    await server.close();
  });

  const gatewayWithKeys = () => {
    server.requests.length = 0;
    return graph.another({ env: { JWKS_URL: server.url } });
  };
  const askWith = async (url: string, key: Key | undefined) =>
    ask(url, { query: '{ motto }', token: await signed(key as Key) });

  test('are fetched once, for many callers at the same time', async () => {
    const gateway = await gatewayWithKeys();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => askWith(gateway.url, first)),
    );
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.equal(server.requests.length, 1);
    await gateway.close();
  });

  test('are looked up again for a new key, at most every few seconds', async () => {
    const gateway = await gatewayWithKeys();
    assert.equal((await askWith(gateway.url, first)).status, 200);
    published = [first as Key, second as Key];
    const tooSoon = await Promise.all(
      Array.from({ length: 10 }, () => askWith(gateway.url, second)),
    );
    assert.deepEqual(new Set(tooSoon.map(codeOf)), new Set(['UNAUTHENTICATED']));
    assert.equal(server.requests.length, 1);
    await sleep(5_100);
    assert.equal((await askWith(gateway.url, second)).status, 200);
    assert.equal((await askWith(gateway.url, first)).status, 200);
    assert.equal(server.requests.length, 2);
    await gateway.close();
  });

  test('that were withdrawn are refused by whoever reads the set anew', async () => {
    published = [second as Key];
    const gateway = await gatewayWithKeys();
    assert.equal((await askWith(gateway.url, first)).status, 401);
    assert.equal((await askWith(gateway.url, second)).status, 200);
    await gateway.close();
  });

  for (const fault of ['hangs', 'fails'] as const) {
    test(`of a server that ${fault} leave known callers alone and others wait briefly`, async () => {
      behaviour = 'answers';
      const [gateway, fresh] = await Promise.all([gatewayWithKeys(), gatewayWithKeys()]);
      assert.equal((await askWith(gateway.url, second)).status, 200);
      behaviour = fault;
      const startedAt = performance.now();
      const refused = await askWith(fresh.url, second);
      assert.ok(performance.now() - startedAt < 3_000);
      assert.equal(refused.status, 503);
      assert.equal(refused.headers.get('retry-after'), '1');
      assert.equal(codeOf(refused), 'SERVICE_UNAVAILABLE');
      assert.doesNotMatch(JSON.stringify(refused.errors), /secret|127\.0\.0\.1/);
      assert.equal((await ask(fresh.url, { query: '{ motto }' })).status, 200);
      assert.equal((await askWith(gateway.url, second)).status, 200);
      behaviour = 'answers';
      assert.equal((await askWith(fresh.url, second)).status, 200);
      await Promise.all([gateway.close(), fresh.close()]);
    });
  }
});

describe('clocks that differ', () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph();
  });
  after(() => graph.close());

  const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
  const claims = { sub: 'usr_1', org: ORGANIZATIONS[0].id };
  const statusWith = async (more: object, expiresIn = '5m') => {
    const token = await graph.tokens.sign({ ...claims, ...more }, { expiresIn });
    return (await ask(graph.url, { query: '{ motto }', token })).status;
  };

  test('by a few seconds do no harm', async () => {
    assert.equal(await statusWith({}, '-2s'), 200);
    assert.equal(await statusWith({ nbf: inSeconds(3), iat: inSeconds(3) }), 200);
  });

  test('by more are refused', async () => {
    assert.equal(await statusWith({}, '-10s'), 401);
    assert.equal(await statusWith({ nbf: inSeconds(30) }), 401);
  });
});

async function createKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' } };
}

function signed({ kid, privateKey }: Key): Promise<string> {
  return new SignJWT({ sub: 'usr_1', org: ORGANIZATIONS[0].id })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setIssuer('quantumroute')
    .setAudience('quantumroute')
    .setExpirationTime('5m')
    .sign(privateKey);
}
