import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ERROR_CODES } from '@quantumroute/ops/failures';
import type { ErrorCode } from '@quantumroute/ops/failures';
import { encodeId, newId } from '@quantumroute/schema/ids';
import type { GraphQLFormattedError } from 'graphql';
import { answering, startFaultySubgraph } from '../faults/faulty-subgraph.ts';
import { ask } from '../small-graph/ask.ts';
import type { Question } from '../small-graph/ask.ts';
import { parcelsTypeDefs } from '../small-graph/parcels.ts';
import { smallSupergraph, startSmallGraph } from '../small-graph/small-graph.ts';
import type { GatewayOptions, SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';
import { overSocket } from '../subscriptions/live-clients.ts';
import { startChangingGraph } from '../supergraph/changing-graph.ts';

type Seen = { status?: number; data?: unknown; errors?: readonly GraphQLFormattedError[] };

/** How a client comes to see a code, and how it then sees it. */
type Case = {
  see: () => Promise<Seen>;
  path?: string[];
  message: RegExp;
  /** Beside data the status is 200; an event of a subscription has none. */
  among?: 'data' | 'events';
};

describe('the error code', () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph();
  });
  after(() => graph.close());

  const asking = (question: Question) => () => ask(graph.url, question);

  const askingAnother = (options: GatewayOptions, question: Question) => async () => {
    const gateway = await graph.another(options);
    try {
      return await ask(gateway.url, question);
    } finally {
      await gateway.close();
    }
  };

  const askingWhere = (behave: RequestListener, question: Question) => async () => {
    const subgraph = await startFaultySubgraph(behave);
    const options = {
      env: { GATEWAY_SUBGRAPH_TIMEOUT_MS: '200' },
      urls: { people: subgraph.url },
    };
    try {
      return await askingAnother(options, question)();
    } finally {
      await subgraph.close();
    }
  };

  const sending = (path: string, init: RequestInit) => async () => {
    const answer = await fetch(`${graph.url}${path}`, init);
    return { status: answer.status, ...((await answer.json()) as Seen) };
  };

  /** More changes at once than the gateway keeps for a subscriber. */
  async function burst(): Promise<Seen> {
    const gateway = await graph.another({ env: { GATEWAY_MAX_BUFFERED_EVENTS: '1' } });
    const watch = overSocket(gateway.url, {
      query: 'subscription { parcelsUpdated { id recipient { name } } }',
    });
    while ((await graph.parcels.open()) === 0) await sleep(5);
    for (let count = 0; count < 50; count += 1) graph.parcels.move('x', `${count}`);
    await watch.ended;
    await gateway.close();
    return watch.results.at(-1) as Seen;
  }

  /** Nobody is left to see this one, other than whoever reads the metrics. */
  async function leaving(): Promise<Seen> {
    const subgraph = await startFaultySubgraph(() => undefined);
    const gateway = await graph.another({ urls: { people: subgraph.url } });
    const left = new AbortController();
    const answer = fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ motto }"}',
      signal: left.signal,
    }).catch(() => undefined);
    while (subgraph.requests.length === 0) await sleep(5);
    left.abort();
    await answer;
    const canceled = async () => {
      const { values } = await gateway.metrics.httpSeconds.get();
      return values.find(({ labels }) => labels.route === '/graphql')?.labels.status;
    };
    while ((await canceled()) === undefined) await sleep(5);
    const status = Number(await canceled());
    await gateway.close();
    await subgraph.close();
    return { status };
  }

  /** The field that is watched is not there any more. */
  async function changing(): Promise<Seen> {
    const changed = await startChangingGraph();
    const watch = overSocket(changed.url, {
      query: 'subscription { parcelWatched(id: "x") { status } }',
    });
    await watch.until(1);
    const parcels = parcelsTypeDefs.replace(/\n *parcelWatched.*/, '');
    await changed.change(smallSupergraph({ parcels }));
    await watch.ended;
    await changed.close();
    return watch.results.at(-1) as Seen;
  }

  const partnerToken = () =>
    graph.tokens.sign({
      sub: 'usr_1',
      org: ORGANIZATIONS[0].id,
      partner: encodeId('partner', newId()),
    });
  const json = { 'content-type': 'application/json' };
  const unknownHash = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
  const badArgument = {
    message: 'The id is odd',
    path: ['person'],
    extensions: { code: 'BAD_USER_INPUT', argumentPath: ['id'] },
  };

  const CASES: Record<ErrorCode, Case> = {
    GRAPHQL_PARSE_FAILED: { see: asking({ query: '{' }), message: /^Syntax Error/ },
    GRAPHQL_VALIDATION_FAILED: { see: asking({ query: '{ nothing }' }), message: /"nothing"/ },
    OPERATION_RESOLUTION_FAILURE: {
      see: asking({ query: 'query a { motto } query b { motto }' }),
      message: /Name one/,
    },
    BAD_REQUEST: {
      see: asking({ query: '{ motto }', extensions: unknownHash }),
      message: /hash/,
    },
    BAD_USER_INPUT: {
      see: asking({ query: 'query($id: ID!) { person(id: $id) { name } }' }),
      message: /\$id/,
    },
    PERSISTED_QUERY_NOT_FOUND: {
      see: asking({ extensions: unknownHash }),
      message: /^PersistedQueryNotFound$/,
    },
    PERSISTED_QUERY_REQUIRED: {
      see: async () => ask(graph.url, { query: '{ motto }', token: await partnerToken() }),
      message: /registered/,
    },
    OPERATION_TOO_EXPENSIVE: {
      see: asking({ query: '{ people(first: 1000000) { name } }' }),
      message: /cost/,
    },
    PAYLOAD_TOO_LARGE: {
      see: sending('/graphql', { method: 'POST', headers: json, body: 'x'.repeat(1_100_000) }),
      message: /large/,
    },
    UNAUTHENTICATED: {
      see: asking({ query: '{ notes }' }),
      path: ['notes'],
      message: /token/,
    },
    FORBIDDEN: {
      see: async () => {
        const token = await graph.tokens.user(ORGANIZATIONS[0].id);
        return ask(graph.url, { query: '{ person(id: 1) { phone } }', token });
      },
      path: ['person', 'phone'],
      message: /needs the scope pii/,
    },
    NOT_FOUND: { see: sending('/nothing', {}), message: /nothing here/ },
    RATE_LIMITED: { see: burst, message: /too slowly/, among: 'events' },
    SUBGRAPH_UNAVAILABLE: {
      see: askingWhere((request) => void request.socket.destroy(), { query: '{ whoAmI }' }),
      path: ['whoAmI'],
      message: /"people" gave no usable answer/,
      among: 'data',
    },
    SUBSCRIPTION_SCHEMA_RELOAD: { see: changing, message: /schema has changed/, among: 'events' },
    SERVICE_UNAVAILABLE: {
      see: async () => {
        const token = await graph.tokens.user(ORGANIZATIONS[0].id);
        const env = { JWKS_URL: 'http://127.0.0.1:1/jwks.json' };
        return askingAnother({ env }, { query: '{ motto }', token })();
      },
      message: /keys/,
    },
    DEADLINE_EXCEEDED: {
      see: askingWhere(() => undefined, { query: '{ whoAmI }' }),
      path: ['whoAmI'],
      message: /"people" did not answer in time/,
      among: 'data',
    },
    REQUEST_CANCELED: { see: leaving, message: /./ },
    INTERNAL_SERVER_ERROR: {
      see: asking({ query: '{ broken }' }),
      path: ['broken'],
      message: /^Internal server error$/,
      among: 'data',
    },
  };

  test('of the catalogue each has its case', () => {
    assert.deepEqual(Object.keys(CASES).toSorted(), Object.keys(ERROR_CODES).toSorted());
  });

  for (const [code, { see, path, message, among }] of Object.entries(CASES)) {
    test(`${code} comes with its status, message, path and request id`, async () => {
      const { status, data, errors } = await see();
      const { httpStatus } = ERROR_CODES[code as ErrorCode];
      assert.equal(status, among === undefined ? httpStatus : among === 'data' ? 200 : undefined);
      if (code === 'REQUEST_CANCELED') return;
      if (among === undefined) assert.equal(data, undefined);
      const [error] = errors ?? [];
      assert.equal(error?.extensions?.['code'], code);
      assert.match(error?.message ?? '', message);
      assert.deepEqual(error?.path, path);
      assert.match(String(error?.extensions?.['requestId']), /^[\w-]{36}$/);
      assert.doesNotMatch(JSON.stringify(errors), /postgres|127\.0\.0\.1|stack|node:/);
    });
  }

  test('of a subgraph’s refusal keeps the path of the field and that of the argument', async () => {
    const behave = answering({ data: { person: null }, errors: [badArgument] });
    const { status, errors } = await askingWhere(behave, {
      query: '{ person(id: 1) { name } }',
    })();
    assert.equal(status, 200);
    const { requestId, ...extensions } = errors?.[0]?.extensions ?? {};
    assert.ok(requestId);
    assert.deepEqual({ ...errors?.[0], extensions }, badArgument);
  });

  test('RATE_LIMITED says when to try again', async () => {
    const { errors } = await burst();
    assert.equal(errors?.[0]?.extensions?.['retryAfterSeconds'], 1);
  });
});
