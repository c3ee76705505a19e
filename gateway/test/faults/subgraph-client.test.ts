import assert from 'node:assert/strict';
import type { RequestListener, ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { IDENTITY_HEADER } from '@quantumroute/ops/identity';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { createFetchMetrics } from '../../src/upstream/fetch-metrics.ts';
import { toByteText } from '../../src/byte-text.ts';
import { createSubgraphClient } from '../../src/upstream/subgraph-client.ts';
import type { SubgraphLimits, SubgraphRequest } from '../../src/upstream/subgraph-client.ts';
import type { UpstreamError } from '../../src/upstream/upstream-error.ts';
import { answering, startFaultySubgraph } from './faulty-subgraph.ts';

const GOOD = answering({ data: { motto: 'x' } });
const QUERY = { generation: '1' };
const LIMITS: SubgraphLimits = {
  connections: 64,
  queue: 500,
  answerBytes: 1_000_000,
  failures: 10,
  restMs: 400,
  retryPercent: 20,
};

/** A client of a subgraph whose behaviour can be changed. */
async function setUp(t: TestContext, { limits = {} }: { limits?: Partial<SubgraphLimits> } = {}) {
  const subgraph = await startFaultySubgraph((request, response) => now.behave(request, response));
  const now: { behave: RequestListener } = { behave: GOOD };
  const { registry } = createMetrics('gateway');
  const log = createLogger({ service: 'gateway', level: 'silent' });
  const metrics = createFetchMetrics(registry)('people');
  const who = { name: 'people', url: subgraph.url };
  const client = createSubgraphClient(who, {
    limits: { ...LIMITS, ...limits },
    metrics,
    log,
  });
  t.after(async () => {
    await client.close();
    await subgraph.close();
  });
  const post = (request: Partial<SubgraphRequest> = {}) => {
    const { signal } = new AbortController();
    const body = toByteText('{"query":"{ motto }"}');
    const defaults = { body, headers: {}, timeoutMs: 5_000, signal };
    return client.post({ ...defaults, ...request });
  };
  const faultOf = async (request: Partial<SubgraphRequest> = {}) =>
    post(request).then(
      ({ status }) => `answered ${status}`,
      (error: UpstreamError) => error.fault,
    );
  const counted = async (name: string, labels: object = {}) => {
    const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
    const wanted = Object.entries({ subgraph: 'people', ...labels });
    return values.find((value) =>
      wanted.every(([key, word]) => (value.labels as Record<string, unknown>)[key] === word),
    )?.value;
  };
  return { subgraph, now, post, faultOf, counted };
}

/** Behaves so once everybody has asked, such as those who share one answer. */
function held(): { behave: RequestListener; responses: ServerResponse[] } {
  const responses: ServerResponse[] = [];
  return { responses, behave: (_request, response) => void responses.push(response) };
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!condition()) {
    assert.ok(Date.now() < end, 'It never came to that');
    await sleep(2);
  }
}

describe('the breaker of a subgraph’s client', () => {
  const broken: Record<string, RequestListener> = {
    'hangs up': (request) => void request.socket.destroy(),
    'answers HTML': answering('<html>Bad gateway</html>', { status: 502 }),
    'answers 500': answering({ errors: [{ message: 'x' }] }, { status: 500 }),
    redirects: answering({}, { status: 307, headers: { location: 'http://127.0.0.1:1/' } }),
    'breaks its JSON off': answering('{"data":'),
    'answers too much': answering({ data: { motto: 'x'.repeat(2_000_000) } }),
    'refuses the gateway': answering({ errors: [{ message: 'x' }] }, { status: 401 }),
  };
  for (const [what, behave] of Object.entries(broken)) {
    test(`opens within twenty requests when it ${what}, and closes when it is well`, async (t) => {
      const { subgraph, now, faultOf, counted } = await setUp(t);
      now.behave = behave;
      let asked = 0;
      while ((await faultOf()) !== 'resting') asked += 1;
      assert.ok(asked <= 20, `${asked}`);
      const before = subgraph.requests.length;
      for (let count = 0; count < 20; count += 1) await faultOf();
      assert.ok(subgraph.requests.length <= before + 2, 'It was left alone');
      now.behave = GOOD;
      const end = Date.now() + 10_000;
      while ((await faultOf()) !== 'answered 200') {
        assert.ok(Date.now() < end, 'It never closed');
        await sleep(20);
      }
      assert.equal(await counted('quantumroute_subgraph_breaker_state'), 0);
    });
  }

  test('opens when it hangs, for all who ask at the same time', async (t) => {
    const { now, faultOf } = await setUp(t, { limits: { restMs: 60_000 } });
    now.behave = () => undefined;
    await Promise.all(Array.from({ length: 20 }, () => faultOf({ timeoutMs: 50 })));
    assert.equal(await faultOf(), 'resting');
  });

  test('stays closed for mistakes of clients, and for clients who leave', async (t) => {
    const { now, faultOf } = await setUp(t);
    now.behave = answering({ errors: [{ message: 'x' }] }, { status: 400 });
    for (let count = 0; count < 30; count += 1) assert.equal(await faultOf(), 'answered 400');
    now.behave = () => undefined;
    for (let count = 0; count < 30; count += 1) {
      const leaving = new AbortController();
      const left = faultOf({ signal: leaving.signal });
      leaving.abort();
      assert.equal(await left, 'canceled');
    }
    now.behave = GOOD;
    assert.equal(await faultOf(), 'answered 200');
  });
});

describe('a fetch that nobody answered', () => {
  const once = (behave: RequestListener): RequestListener => {
    let isFirst = true;
    return (request, response) => {
      (isFirst ? behave : GOOD)(request, response);
      isFirst = false;
    };
  };
  const hangUp: RequestListener = (request) => void request.socket.destroy();

  test('is sent again when it is a query', async (t) => {
    const { subgraph, now, faultOf, counted } = await setUp(t);
    for (const behave of [hangUp, answering('', { status: 503 })]) {
      now.behave = once(behave);
      assert.equal(await faultOf({ query: QUERY }), 'answered 200');
    }
    assert.equal(subgraph.requests.length, 4);
    assert.equal(await counted('quantumroute_subgraph_retries_total', { outcome: 'sent' }), 2);
  });

  test('is never sent again when it may change something', async (t) => {
    const { subgraph, now, faultOf } = await setUp(t);
    now.behave = once(hangUp);
    assert.equal(await faultOf(), 'unreachable');
    now.behave = once(answering('', { status: 503 }));
    assert.equal(await faultOf(), 'answered 503');
    assert.equal(subgraph.requests.length, 2);
  });

  test('is not sent again when an answer had begun, or was none of a proxy', async (t) => {
    const { subgraph, now, faultOf } = await setUp(t);
    now.behave = (request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{');
      setTimeout(() => request.socket.destroy(), 20);
    };
    assert.equal(await faultOf({ query: QUERY }), 'unreachable');
    now.behave = answering({ errors: [{ message: 'x' }] }, { status: 500 });
    assert.equal(await faultOf({ query: QUERY }), 'answered 500');
    assert.equal(subgraph.requests.length, 2);
  });

  test('costs at most a fifth more requests, however many fail', async (t) => {
    const { subgraph, now, post, counted } = await setUp(t, { limits: { failures: 20 } });
    const asked = 200;
    for (let index = 0; index < asked; index += 1) {
      // A few that succeed keep the breaker closed.
      now.behave = index % 3 === 0 ? GOOD : hangUp;
      await post({ query: QUERY }).catch(() => undefined);
    }
    const retries = subgraph.requests.length - asked;
    assert.ok(retries > 0 && retries <= asked * 0.2 + 10, `${retries}`);
    const over = await counted('quantumroute_subgraph_retries_total', { outcome: 'over budget' });
    assert.ok((over ?? 0) > 50, `${over}`);
  });
});

describe('equal queries in flight', () => {
  test('share one fetch and its answer', async (t) => {
    const { subgraph, now, post, counted } = await setUp(t);
    const holding = held();
    now.behave = holding.behave;
    const all = Array.from({ length: 5 }, () => post({ query: QUERY }));
    await until(() => holding.responses.length === 1);
    holding.responses[0]?.end('{"data":{"motto":"shared"}}');
    for (const { text } of await Promise.all(all)) assert.match(text, /shared/);
    assert.equal(subgraph.requests.length, 1);
    assert.equal(await counted('quantumroute_subgraph_shared_fetches_total'), 4);
    now.behave = GOOD;
    await post({ query: QUERY });
    assert.equal(subgraph.requests.length, 2, 'What has ended is not shared');
  });

  test('are apart for another body, caller or generation, and for all that is no query', async (t) => {
    const { subgraph, now, post } = await setUp(t);
    const holding = held();
    now.behave = holding.behave;
    const all = [
      post({ query: QUERY }),
      post({ query: QUERY, body: toByteText('{"query":"{ whoAmI }"}') }),
      post({ query: QUERY, headers: { [IDENTITY_HEADER]: 'someone' } }),
      post({ query: { generation: '2' } }),
      post({ query: { generation: null } }),
      post({ query: { generation: null } }),
      post(),
      post(),
    ];
    await until(() => holding.responses.length === all.length);
    for (const response of holding.responses) response.end('{"data":null}');
    await Promise.all(all);
    assert.equal(subgraph.requests.length, all.length);
  });

  test('go on when one of them leaves, and end with the last', async (t) => {
    const { subgraph, now, faultOf } = await setUp(t);
    const holding = held();
    now.behave = holding.behave;
    const leaving = [new AbortController(), new AbortController()];
    const [first, second] = leaving.map(({ signal }) => faultOf({ query: QUERY, signal }));
    const third = faultOf({ query: QUERY });
    await until(() => holding.responses.length === 1);
    leaving[0]?.abort();
    assert.equal(await first, 'canceled');
    holding.responses[0]?.end('{"data":null}');
    assert.equal(await third, 'answered 200');
    assert.equal(await second, 'answered 200');

    const alone = new AbortController();
    const last = faultOf({ query: QUERY, signal: alone.signal });
    await until(() => holding.responses.length === 2);
    alone.abort();
    assert.equal(await last, 'canceled');
    await until(() => subgraph.abandoned === 1);
  });

  test('last as long as the one with the most time waits', async (t) => {
    const { now, faultOf } = await setUp(t);
    const holding = held();
    now.behave = holding.behave;
    const patient = faultOf({ query: QUERY, timeoutMs: 60_000 });
    await until(() => holding.responses.length === 1);
    assert.equal(await faultOf({ query: QUERY, timeoutMs: 30 }), 'timeout');
    holding.responses[0]?.end('{"data":null}');
    assert.equal(await patient, 'answered 200');
    assert.equal(holding.responses.length, 1);
  });

  test('do not wait with somebody who has much less time left', async (t) => {
    const { now, faultOf } = await setUp(t);
    const holding = held();
    now.behave = holding.behave;
    const hasty = faultOf({ query: QUERY, timeoutMs: 1_000 });
    const patient = faultOf({ query: QUERY, timeoutMs: 60_000 });
    await until(() => holding.responses.length === 2);
    for (const response of holding.responses) response.end('{"data":null}');
    assert.deepEqual(await Promise.all([hasty, patient]), ['answered 200', 'answered 200']);
  });
});
