import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, codeOf } from '../small-graph/ask.ts';
import type { Answer, Question } from '../small-graph/ask.ts';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';
import { answering, startFaultySubgraph } from './faulty-subgraph.ts';
import type { FaultySubgraph } from './faulty-subgraph.ts';

const QUERY = '{ parcel(id: 1) { status recipient { id name } } person(id: 2) { name } }';

describe('a subgraph', () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph();
  });
  after(() => graph.close());

  /** Asks a gateway whose people subgraph behaves like this. */
  const askWith = async (
    behave: RequestListener,
    question: Question,
    env: Record<string, string> = {},
  ): Promise<{ answer: Answer; elapsedMs: number; subgraph: FaultySubgraph }> => {
    const subgraph = await startFaultySubgraph(behave);
    const settings = { GATEWAY_SUBGRAPH_TIMEOUT_MS: '5000', ...env };
    const gateway = await graph.another({ env: settings, urls: { people: subgraph.url } });
    const startedAt = performance.now();
    const answer = await ask(gateway.url, question);
    const elapsedMs = performance.now() - startedAt;
    await gateway.close();
    await subgraph.close();
    return { answer, elapsedMs, subgraph };
  };

  const secret = 'postgres://user:secret@db/internal';
  const faults: Record<string, { behave: RequestListener; code: string }> = {
    'that hangs': { behave: () => undefined, code: 'DEADLINE_EXCEEDED' },
    'that stops in the middle of its answer': {
      behave: (_request, response) => void response.writeHead(200).write('{"data":'),
      code: 'DEADLINE_EXCEEDED',
    },
    'that hangs up': {
      behave: (request) => void request.socket.destroy(),
      code: 'SUBGRAPH_UNAVAILABLE',
    },
    'that answers too much': {
      behave: answering({ data: { person: { name: 'x'.repeat(2_000_000) } } }),
      code: 'SUBGRAPH_UNAVAILABLE',
    },
    'that redirects': {
      behave: answering({}, { status: 307, headers: { location: 'http://127.0.0.1:1/evil' } }),
      code: 'SUBGRAPH_UNAVAILABLE',
    },
    'that answers HTML': {
      behave: answering(`<html>${secret}</html>`, { status: 502 }),
      code: 'SUBGRAPH_UNAVAILABLE',
    },
    'that answers broken JSON': { behave: answering('{"data":'), code: 'SUBGRAPH_UNAVAILABLE' },
    'that answers something else': { behave: answering('[1]'), code: 'SUBGRAPH_UNAVAILABLE' },
    'whose errors are none': {
      behave: answering({ data: null, errors: [null, { message: 7 }] }),
      code: 'SUBGRAPH_UNAVAILABLE',
    },
    'whose data are none': { behave: answering({ data: [secret] }), code: 'SUBGRAPH_UNAVAILABLE' },
    'that fails ten thousand times': {
      behave: answering({ errors: Array.from({ length: 10_000 }, () => ({ message: secret })) }),
      code: 'INTERNAL_SERVER_ERROR',
    },
    'that refuses the gateway': {
      behave: answering({ errors: [{ message: secret }] }, { status: 401 }),
      code: 'SUBGRAPH_UNAVAILABLE',
    },
    'that fails with words of its own': {
      behave: answering({ data: null, errors: [{ message: secret, extensions: { secret } }] }),
      code: 'INTERNAL_SERVER_ERROR',
    },
    'that fails with a code that is none of ours': {
      behave: answering({ data: null, errors: [{ message: secret, extensions: { code: 'X' } }] }),
      code: 'INTERNAL_SERVER_ERROR',
    },
    'that says the gateway’s document is wrong': {
      behave: answering(
        { errors: [{ message: secret, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
        { status: 400 },
      ),
      code: 'INTERNAL_SERVER_ERROR',
    },
  };
  for (const [what, { behave, code }] of Object.entries(faults)) {
    test(`${what} costs its own fields only, soon, and tells no secrets`, async () => {
      const env = {
        GATEWAY_SUBGRAPH_ANSWER_BYTES: '1000000',
        // Only who hangs is to be given up: on a busy machine others are slow too.
        ...(code === 'DEADLINE_EXCEEDED' ? { GATEWAY_SUBGRAPH_TIMEOUT_MS: '300' } : {}),
      };
      const { answer, elapsedMs, subgraph } = await askWith(behave, { query: QUERY }, env);
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.data?.['parcel'], { status: 'CREATED', recipient: null });
      assert.equal(answer.data?.['person'], null);
      assert.ok(elapsedMs < 5_000, `${elapsedMs} ms`);
      assert.ok((answer.errors ?? []).length >= 2);
      for (const error of answer.errors ?? []) {
        assert.equal(error.extensions?.['code'], code);
        assert.equal(typeof error.extensions?.['requestId'], 'string');
      }
      const text = JSON.stringify(answer);
      for (const hidden of ['127.0.0.1', 'secret', 'stack', subgraph.url]) {
        assert.ok(!text.includes(hidden), hidden);
      }
      if (code !== 'INTERNAL_SERVER_ERROR') {
        const paths = (answer.errors ?? []).map(({ path }) => path?.join('.'));
        assert.deepEqual(new Set(paths), new Set(['parcel.recipient', 'person']));
        assert.match(text, /people/);
      }
    });
  }

  test('that is not there costs its own fields only', async () => {
    const gateway = await graph.another({ urls: { people: 'http://127.0.0.1:1/graphql' } });
    const answer = await ask(gateway.url, { query: QUERY });
    assert.equal(codeOf(answer), 'SUBGRAPH_UNAVAILABLE');
    assert.deepEqual(answer.data?.['parcel'], { status: 'CREATED', recipient: null });
    await gateway.close();
  });

  test('tells an expected failure by its code and message', async () => {
    const extensions = { code: 'BAD_USER_INPUT', argumentPath: ['id'], stacktrace: ['at x'] };
    const errors = [{ message: 'The id is odd', path: ['person'], extensions }];
    const { answer } = await askWith(answering({ data: { person: null }, errors }), {
      query: '{ person(id: 1) { name } }',
    });
    const [error] = answer.errors ?? [];
    assert.equal(error?.message, 'The id is odd');
    assert.deepEqual(error?.path, ['person']);
    const { requestId, ...told } = error?.extensions ?? {};
    assert.equal(typeof requestId, 'string');
    assert.deepEqual(told, { code: 'BAD_USER_INPUT', argumentPath: ['id'] });
  });

  test('that breaks its promise of non-null makes an error, never a silent null', async () => {
    const { answer } = await askWith(answering({ data: { person: { name: null } } }), {
      query: '{ person(id: 1) { name } }',
    });
    assert.deepEqual(answer.data, { person: null });
    assert.equal(codeOf(answer), 'INTERNAL_SERVER_ERROR');
    assert.deepEqual(answer.errors?.[0]?.path, ['person', 'name']);
  });

  test('that has very many errors has a hundred of them shown', async () => {
    const errors = Array.from({ length: 500 }, (_, index) => ({
      message: `bad ${index}`,
      extensions: { code: 'BAD_USER_INPUT' },
    }));
    const { answer } = await askWith(answering({ data: { person: null }, errors }), {
      query: '{ person(id: 1) { name } }',
    });
    assert.equal(answer.errors?.length, 100);
    assert.match(answer.errors?.at(-1)?.message ?? '', /401 more/);
  });

  test('gets the request’s id, its identity and the time that is left', async () => {
    const question = { query: '{ motto }', headers: { 'x-request-id': 'from-client' } };
    const { subgraph } = await askWith(answering({ data: { motto: 'x' } }), question);
    const [{ headers }] = subgraph.requests as [FaultySubgraph['requests'][0]];
    assert.equal(headers['x-request-id'], 'from-client');
    assert.match(String(headers['x-quantumroute-identity']), /^[\w-]+\.[\w-]+\.[\w-]+$/);
    const remainingMs = Number(headers['x-quantumroute-deadline-ms']);
    assert.ok(remainingMs > 0 && remainingMs <= 5_000);
    assert.equal(headers['authorization'], undefined);
  });

  test('gets nothing of what the client claims to be', async () => {
    const forged = { 'x-quantumroute-identity': 'forged', 'x-quantumroute-deadline-ms': '1' };
    const { data } = await ask(graph.url, { query: '{ whoAmI }', headers: forged });
    assert.equal(data?.['whoAmI'], 'anonymous||||');
  });

  test('has the whole deadline for a mutation, which is never sent twice', async () => {
    const slow: RequestListener = (request, response) => {
      setTimeout(() => answering({ data: { noteAdd: ['x'] } })(request, response), 600);
    };
    const token = await graph.tokens.user(ORGANIZATIONS[0].id);
    const mutation = { query: 'mutation { noteAdd(text: "x") }', token };
    const env = { GATEWAY_SUBGRAPH_TIMEOUT_MS: '300' };
    const { answer } = await askWith(slow, mutation, env);
    assert.deepEqual(answer.data, { noteAdd: ['x'] });
    const hangUp: RequestListener = (request) => void request.socket.destroy();
    const { subgraph } = await askWith(hangUp, mutation);
    assert.equal(subgraph.requests.length, 1);
    const ofQuery = await askWith(hangUp, { query: '{ motto }' });
    assert.equal(ofQuery.subgraph.requests.length, 2);
  });

  test('is bounded by the deadline of the request', async () => {
    const token = await graph.tokens.user(ORGANIZATIONS[0].id);
    const env = { GATEWAY_REQUEST_DEADLINE_MS: '200' };
    const mutation = { query: 'mutation { noteAdd(text: "x") }', token };
    const { answer, elapsedMs } = await askWith(() => undefined, mutation, env);
    assert.equal(codeOf(answer), 'DEADLINE_EXCEEDED');
    assert.ok(elapsedMs < 1_000);
  });

  test('is let go when the client leaves', async () => {
    const subgraph = await startFaultySubgraph(() => undefined);
    const env = { GATEWAY_SUBGRAPH_TIMEOUT_MS: '5000' };
    const gateway = await graph.another({ env, urls: { people: subgraph.url } });
    const leaving = new AbortController();
    const asked = fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ motto }"}',
      signal: leaving.signal,
    }).catch(() => undefined);
    while (subgraph.requests.length === 0) await sleep(5);
    leaving.abort();
    await asked;
    const until = Date.now() + 1_000;
    while (subgraph.abandoned === 0 && Date.now() < until) await sleep(5);
    assert.equal(subgraph.abandoned, 1);
    await gateway.close();
    await subgraph.close();
  });

  test('is asked by a bounded number of connections, the rest is refused at once', async () => {
    const subgraph = await startFaultySubgraph((request, response) => {
      setTimeout(() => answering({ data: { person: { name: 'x' } } })(request, response), 300);
    });
    const env = { GATEWAY_SUBGRAPH_CONNECTIONS: '1', GATEWAY_SUBGRAPH_QUEUE: '1' };
    const gateway = await graph.another({ env, urls: { people: subgraph.url } });
    const names = ['a', 'b', 'c', 'd', 'e'];
    const answers = await Promise.all(
      names.map((id) => ask(gateway.url, { query: `{ person(id: "${id}") { name } }` })),
    );
    const refused = answers.filter((answer) => codeOf(answer) === 'SUBGRAPH_UNAVAILABLE');
    assert.ok(refused.length >= 2 && refused.length < 5, `${refused.length}`);
    await gateway.close();
    await subgraph.close();
  });

  test('is asked in portions for very many entities', async () => {
    const env = { GATEWAY_MAX_COST: '100000' };
    const gateway = await graph.another({ env });
    const query = '{ parcels(first: 2500) { recipient { id name } } }';
    const { data, errors } = await ask(gateway.url, { query });
    assert.equal(errors, undefined);
    const parcels = data?.['parcels'] as { recipient: { id: string; name: string } }[];
    assert.equal(parcels.length, 2_500);
    for (const { recipient } of parcels) assert.equal(recipient.name, `Person ${recipient.id}`);
    await gateway.close();
  });
});
