import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import type { FormattedExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { failure } from './failures.ts';
import { ANONYMOUS, IDENTITY_HEADER, createIdentitySigner } from './identity.ts';
import type { Identity } from './identity.ts';
import { createLoader } from './loader.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createSubgraphServer } from './subgraph-server.ts';
import type { SubgraphServer } from './subgraph-server.ts';

const SECRET = 'a secret that is only used by these tests';
const ANNA: Identity = {
  kind: 'user',
  subject: 'anna',
  organizationId: '01936d3a-0000-7000-8000-000000000001',
  partnerId: null,
  driverId: null,
  scopes: ['things:read'],
};
const TYPE_DEFS = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@requiresScopes"])
  enum CacheControlScope { PUBLIC PRIVATE }
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  scalar Loud
  type Query {
    hello: Loud! @cacheControl(maxAge: 30, scope: PRIVATE)
    who: String @authenticated
    thing(id: ID!): Thing @requiresScopes(scopes: [["things:read"]]) @cacheControl(maxAge: 60)
    broken: String
    refused: String
    slow: String
    batches: Int!
  }
  type Thing @key(fields: "id") @authenticated {
    id: ID!
    price: Int @requiresScopes(scopes: [["finance:read"]])
    owner: String
  }
  type Mutation { rename: String }
  type Subscription {
    ticks(count: Int!): Tick @authenticated
    failing: Int
    waiting: Int
  }
  type Tick { n: Int! contexts: Int! }
`;

describe('a subgraph server', () => {
  let server: SubgraphServer;
  let url: string;
  let contexts = 0;
  let isWaiting = false;
  const batches: number[] = [];
  const lines: string[] = [];
  const metrics = createMetrics('kit');
  const log = createLogger({
    service: 'kit',
    level: 'warn',
    destination: { write: (line) => void lines.push(line) },
  });
  const signer = createIdentitySigner(SECRET);

  before(async () => {
    server = await createSubgraphServer({
      name: 'kit',
      typeDefs: TYPE_DEFS,
      resolvers: {
        Loud: scalarLoud,
        Query: {
          hello: () => 'hello',
          who: (_: unknown, _args: unknown, { identity }: Context) => identity.subject,
          thing: (_: unknown, { id }: { id: string }) => ({ id }),
          broken: () => {
            throw new Error('secret at postgres://user:password@host');
          },
          refused: () => {
            throw failure('NOT_FOUND', 'No such thing', { hint: 1 });
          },
          slow: (_: unknown, _args: unknown, { signal }: Context) =>
            new Promise((resolve) => {
              const timer = setTimeout(resolve, 5_000);
              signal.addEventListener('abort', () => clearTimeout(timer));
            }),
          batches: async (_: unknown, _args: unknown, { loader }: Context) => {
            batches.length = 0;
            await loader.loadMany([1, 2, 3, 1]);
            return batches.length;
          },
        },
        Thing: {
          __resolveReference: ({ id }: { id: string }) => (id === 'none' ? null : { id }),
          owner: (_: unknown, _args: unknown, { identity }: Context) => identity.subject,
          price: () => 7,
        },
        Subscription: {
          ticks: {
            async *subscribe(_: unknown, { count }: { count: number }) {
              for (let n = 1; n <= count; n += 1) yield { ticks: { n } };
            },
          },
          failing: {
            async *subscribe() {
              yield { failing: 1 };
              throw new Error('secret');
            },
          },
          waiting: {
            subscribe: (_: unknown, _args: unknown, { signal }: Context) => {
              isWaiting = true;
              signal.addEventListener('abort', () => (isWaiting = false));
              return {
                next: () => new Promise(() => undefined),
                return: async () => ({ done: true, value: undefined }),
                [Symbol.asyncIterator]() {
                  return this;
                },
              };
            },
          },
        },
        Tick: { contexts: (_: unknown, _args: unknown, { number }: Context) => number },
      } as never,
      createContext: ({ identity, signal }) => ({
        identity,
        signal,
        number: (contexts += 1),
        loader: createLoader<number, number>({
          name: 'numbers',
          metrics,
          batch: async (keys) => {
            batches.push(keys.length);
            return [...keys];
          },
        }),
      }),
      identity: { secret: SECRET },
      log,
      metrics,
      production: false,
      readiness: { always: async () => undefined },
      routes: { 'GET /extra/*': (_request, response) => response.end('extra') },
    });
    ({ url } = await server.listen(0, '127.0.0.1'));
  });

  after(() => server.close());

  type Context = {
    identity: Identity;
    signal: AbortSignal;
    number: number;
    loader: ReturnType<typeof createLoader<number, number>>;
  };

  async function ask(
    query: string,
    headers: Record<string, string> = {},
    identity: Identity = ANNA,
  ): Promise<{ response: Response; body: FormattedExecutionResult }> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [IDENTITY_HEADER]: await signer.sign(identity),
        ...headers,
      },
      body: JSON.stringify({ query }),
    });
    return { response, body: (await response.json()) as FormattedExecutionResult };
  }

  test('answers a caller with a signed identity', async () => {
    const { response, body } = await ask('{ hello who }', { 'x-request-id': 'r-1' });
    assert.deepEqual(body, { data: { hello: 'HELLO', who: 'anna' } });
    assert.equal(response.headers.get('x-request-id'), 'r-1');
    assert.match(response.headers.get('server-timing') ?? '', /^sql;desc="0";dur=0/);
  });

  test('refuses callers without a valid identity', async () => {
    for (const headers of [{ [IDENTITY_HEADER]: 'forged' }, { [IDENTITY_HEADER]: '' }]) {
      const { response, body } = await ask('{ hello }', headers);
      assert.equal(response.status, 401);
      assert.equal(body.errors?.[0]?.extensions?.['code'], 'UNAUTHENTICATED');
    }
  });

  test('sets Cache-Control from the hints', async () => {
    const { response } = await ask('{ hello }');
    assert.equal(response.headers.get('cache-control'), 'max-age=30, private');
  });

  test('masks what it did not mean to say, and logs it with its stack', async () => {
    const { body } = await ask('{ broken }', { 'x-request-id': 'r-2' });
    assert.deepEqual(body.errors, [
      {
        message: 'Internal server error',
        locations: [{ line: 1, column: 3 }],
        path: ['broken'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r-2' },
      },
    ]);
    const line = lines.find((text) => text.includes('r-2')) ?? '';
    assert.match(line, /secret at/);
    assert.match(line, /"stack"/);
  });

  test('passes failures with a code of the catalogue', async () => {
    const { body } = await ask('{ refused }');
    assert.equal(body.errors?.[0]?.message, 'No such thing');
    assert.deepEqual(body.errors?.[0]?.extensions, { hint: 1, code: 'NOT_FOUND' });
  });

  test('enforces authorization on fields, types and references', async () => {
    const query = `{ who hello thing(id: "1") { id } _entities(representations: [{ __typename: "Thing", id: "2" }]) { ... on Thing { id price } } }`;
    const anonymous = await server.execute({ query });
    assert.deepEqual(
      { ...anonymous.data },
      { who: null, hello: 'HELLO', thing: null, _entities: [null] },
    );
    const codes = new Set(anonymous.errors?.map((error) => error.extensions?.['code']));
    assert.deepEqual([...codes], ['UNAUTHENTICATED']);
    const anna = await server.execute({ query, identity: ANNA });
    assert.deepEqual(JSON.parse(JSON.stringify(anna.data?.['_entities'])), [
      { id: '2', price: null },
    ]);
    assert.equal(anna.errors?.[0]?.extensions?.['code'], 'FORBIDDEN');
    const boss = { ...ANNA, scopes: ['things:read', 'finance:read'] };
    assert.equal((await server.execute({ query, identity: boss })).errors, undefined);
  });

  test('answers at most 1000 representations', async () => {
    const representations = Array.from({ length: 1001 }, () => ({ __typename: 'Thing', id: '1' }));
    const result = await server.execute({
      query: 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
      variables: { r: representations },
      identity: ANNA,
    });
    assert.equal(result.errors?.[0]?.extensions?.['code'], 'BAD_USER_INPUT');
  });

  test('answers DEADLINE_EXCEEDED when its caller has no more time', async () => {
    const startedAt = Date.now();
    const { body } = await ask('{ slow }', { 'x-quantumroute-deadline-ms': '100' });
    assert.equal(body.errors?.[0]?.extensions?.['code'], 'DEADLINE_EXCEEDED');
    assert.ok(Date.now() - startedAt < 1_000);
  });

  test('batches by default and not when asked not to', async () => {
    assert.deepEqual((await ask('{ batches }')).body, { data: { batches: 1 } });
    const { body } = await ask('{ batches }', { 'x-quantumroute-batching': 'off' });
    assert.deepEqual(body, { data: { batches: 3 } });
    const result = await server.execute({ query: '{ batches }', batching: false });
    assert.deepEqual({ ...result.data }, { batches: 3 });
  });

  test('answers mistakes of the client with 4xx and codes', async () => {
    const invalid = await ask('{ nothing }');
    assert.equal(invalid.response.status, 400);
    assert.equal(invalid.body.errors?.[0]?.extensions?.['code'], 'GRAPHQL_VALIDATION_FAILED');
    const garbled = await ask('{');
    assert.equal(garbled.response.status, 400);
    assert.equal(garbled.body.errors?.[0]?.extensions?.['code'], 'GRAPHQL_PARSE_FAILED');
    const several = await ask('query A { hello } query B { hello }');
    assert.equal(several.response.status, 400);
    assert.equal(several.body.errors?.[0]?.extensions?.['code'], 'OPERATION_RESOLUTION_FAILURE');
  });

  test('streams a subscription without a port, with a fresh context per event', async () => {
    const stream = await server.subscribe({
      query: 'subscription { ticks(count: 2) { n contexts } }',
      identity: ANNA,
    });
    const results = await all(stream);
    const ticks = results.map(
      (result) => result.data?.['ticks'] as { n: number; contexts: number },
    );
    assert.deepEqual(
      ticks.map(({ n }) => n),
      [1, 2],
    );
    assert.notEqual(ticks[0]?.contexts, ticks[1]?.contexts);
    const [refusal] = await all(
      await server.subscribe({ query: 'subscription { ticks(count: 1) { n } }' }),
    );
    assert.equal(refusal?.errors?.[0]?.extensions?.['code'], 'UNAUTHENTICATED');
  });

  test('streams subscriptions over graphql-ws, each with its own identity', async () => {
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: async () => ({ identity: await signer.sign({ ...ANNA, kind: 'service' }) }),
    });
    const query = 'subscription { ticks(count: 2) { n } }';
    const results = await all(
      client.iterate({ query, extensions: { identity: await signer.sign(ANNA) } }),
    );
    assert.deepEqual(results, [{ data: { ticks: { n: 1 } } }, { data: { ticks: { n: 2 } } }]);
    for (const [extensions, text, code] of [
      [{}, query, 'UNAUTHENTICATED'],
      [{ identity: await signer.sign(ANONYMOUS) }, query, 'UNAUTHENTICATED'],
      [{ identity: await signer.sign(ANNA) }, 'subscription {', 'GRAPHQL_PARSE_FAILED'],
      [{ identity: await signer.sign(ANNA) }, '{ hello }', 'BAD_REQUEST'],
      [{ identity: await signer.sign(ANNA) }, '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ] as const) {
      await assert.rejects(all(client.iterate({ query: text, extensions })), (errors) => {
        assert.equal(
          (errors as FormattedExecutionResult['errors'])?.[0]?.extensions?.['code'],
          code,
        );
        return true;
      });
    }
    await client.dispose();
  });

  test('ends a subscription whose source fails with a masked error', async () => {
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: async () => ({ identity: await signer.sign(ANNA) }),
    });
    const extensions = { identity: await signer.sign(ANNA) };
    const results = await all(client.iterate({ query: 'subscription { failing }', extensions }));
    assert.deepEqual(results[0], { data: { failing: 1 } });
    assert.equal(results[1]?.errors?.[0]?.message, 'Internal server error');
    assert.equal(results.length, 2);
    await client.dispose();
  });

  test('lets go of a subscription at once when its socket is cut', async () => {
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: async () => ({ identity: await signer.sign(ANNA) }),
    });
    const extensions = { identity: await signer.sign(ANNA) };
    client.subscribe(
      { query: 'subscription { waiting }', extensions },
      { next: () => undefined, error: () => undefined, complete: () => undefined },
    );
    await until(() => isWaiting);
    assert.match(await metrics.registry.metrics(), /open_subscriptions\{field="waiting".*\} 1/);
    client.terminate();
    const startedAt = Date.now();
    await until(() => !isWaiting);
    assert.ok(Date.now() - startedAt < 500);
    assert.match(await metrics.registry.metrics(), /open_subscriptions\{field="waiting".*\} 0/);
  });

  test('closes a socket without a valid token', async () => {
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { identity: 'forged' },
    });
    await assert.rejects(all(client.iterate({ query: 'subscription { failing }' })));
  });

  test('shows metrics of every phase with bounded labels, and its health', async () => {
    await ask('query MyOwnName { hello }');
    const text = await (await fetch(`${url}/metrics`)).text();
    for (const name of [
      'graphql_envelop_request',
      'graphql_envelop_phase_parse',
      'graphql_envelop_phase_validate',
      'graphql_envelop_phase_context',
      'graphql_envelop_phase_execute',
      'graphql_envelop_phase_subscribe',
      'graphql_envelop_execute_resolver',
      'graphql_envelop_error_result',
      'quantumroute_loader_batch_size',
      'quantumroute_http_seconds',
    ]) {
      assert.match(text, new RegExp(`^${name}(_count)?\\{`, 'm'), name);
    }
    assert.doesNotMatch(text, /MyOwnName/);
    assert.equal((await fetch(`${url}/health/live`)).status, 200);
    const ready = await fetch(`${url}/health/ready`);
    assert.deepEqual(await ready.json(), { status: 'ready', checks: { always: 'ok' } });
    assert.equal(await (await fetch(`${url}/extra/1`)).text(), 'extra');
  });
});

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

async function until(condition: () => boolean): Promise<void> {
  for (const patience = Date.now() + 3_000; !condition(); await sleep(10)) {
    assert.ok(Date.now() < patience, 'waited too long');
  }
}

const scalarLoud = {
  name: 'Loud',
  serialize: (value: unknown) => String(value).toUpperCase(),
};
