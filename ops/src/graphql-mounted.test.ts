import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { failure } from './failures.ts';
import { ANONYMOUS, IDENTITY_HEADER, createIdentitySigner } from './identity.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { currentRequest } from './request.ts';
import { createSubgraphServer } from './subgraph-server.ts';
import type { SubgraphServer } from './subgraph-server.ts';

const SECRET = 'a secret that is only used by these tests';
const TYPE_DEFS = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requiresScopes"])
  enum CacheControlScope { PUBLIC PRIVATE }
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  type Query {
    hello: String! @cacheControl(maxAge: 30, scope: PRIVATE)
    secret: String @requiresScopes(scopes: [["secrets"]])
    broken: String
    missing: String
    requestId: String
    slow: String
  }
`;

describe('a subgraph in the process of its gateway', () => {
  let server: SubgraphServer;
  let url: string;
  let token: string;
  let slowReason: unknown;
  const metrics = createMetrics('kit');
  before(async () => {
    server = await createSubgraphServer({
      name: 'kit',
      typeDefs: TYPE_DEFS,
      resolvers: {
        Query: {
          hello: () => 'hällo',
          secret: () => 'secret',
          broken: () => {
            throw new Error('secret at postgres://user:password@host');
          },
          missing: () => {
            throw failure('NOT_FOUND', 'No such thing');
          },
          requestId: () => currentRequest()?.requestId,
          slow: () =>
            new Promise(() => {
              const signal = currentRequest()?.signal;
              signal?.addEventListener('abort', () => (slowReason = signal.reason));
            }),
        },
      } as never,
      createContext: ({ identity }) => ({ identity }),
      identity: { secret: SECRET },
      log: createLogger({ service: 'kit', level: 'silent' }),
      metrics,
      production: false,
      readiness: {},
    });
    ({ url } = await server.listen(0, '127.0.0.1'));
    token = await createIdentitySigner(SECRET).sign(ANONYMOUS);
  });
  after(() => server.close({ graceMs: 0 }));

  const headersOf = (more: Record<string, string> = {}) => ({
    'content-type': 'application/json',
    accept: 'application/json',
    'x-request-id': 'mine',
    [IDENTITY_HEADER]: token,
    ...more,
  });
  const ask = (
    query: string,
    {
      headers = headersOf(),
      signal,
    }: { headers?: Record<string, string>; signal?: AbortSignal } = {},
  ) =>
    server.ask({
      body: JSON.stringify({ query }),
      headers,
      signal: signal ?? new AbortController().signal,
    });
  const counted = async (status: string) => {
    const { values } = await metrics.httpSeconds.get();
    const wanted = values.find(
      ({ metricName, labels }) =>
        metricName?.endsWith('_count') && labels.route === '/graphql' && labels.status === status,
    );
    return wanted?.value ?? 0;
  };

  test('answers what it answers over HTTP', async () => {
    const queries = [
      '{ hello }',
      '{ secret }',
      '{ broken }',
      '{ missing }',
      '{ requestId }',
      '{ no }',
      '{',
    ];
    for (const query of queries) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: headersOf(),
        body: JSON.stringify({ query }),
      });
      const { status, headers, text } = await ask(query);
      assert.equal(status, response.status, query);
      assert.deepEqual(JSON.parse(text), await response.json(), query);
      for (const name of ['cache-control', 'content-type']) {
        assert.equal(headers[name] ?? null, response.headers.get(name), query);
      }
      assert.match(headers['server-timing'] ?? '', /^sql;desc="0"/);
    }
  });

  test('answers its gateway only', async () => {
    const { [IDENTITY_HEADER]: _, ...headers } = headersOf();
    assert.equal((await ask('{ hello }', { headers })).status, 401);
    const forged = headersOf({ [IDENTITY_HEADER]: `${token}x` });
    assert.equal((await ask('{ hello }', { headers: forged })).status, 401);
  });

  test('ends at the deadline that it is told', async () => {
    const startedAt = Date.now();
    const headers = headersOf({ 'x-quantumroute-deadline-ms': '100' });
    const { text } = await ask('{ slow }', { headers });
    assert.ok(Date.now() - startedAt < 3_000);
    assert.match(text, /DEADLINE_EXCEEDED/);
    assert.match(String(slowReason), /deadline/);
  });

  test('stops when nobody waits any more', async () => {
    const leaving = new AbortController();
    const asked = ask('{ slow }', { signal: leaving.signal });
    await sleep(20);
    slowReason = undefined;
    leaving.abort();
    await asked;
    assert.match(String(slowReason), /The caller left/);
    assert.ok((await counted('499')) >= 1);
  });

  test('refuses what is too large, and counts requests as over HTTP', async () => {
    const before = await counted('200');
    await ask('{ hello }');
    assert.equal(await counted('200'), before + 1);
    assert.equal((await ask(`{ hello } # ${'x'.repeat(4_000_000)}`)).status, 413);
  });
});
