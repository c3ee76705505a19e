import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFaultySubgraph } from '../faults/faulty-subgraph.ts';
import { ask, codeOf } from '../small-graph/ask.ts';
import type { Question } from '../small-graph/ask.ts';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';

const [ours] = ORGANIZATIONS;

type Gateway = { url: string; metrics: SmallGraph['metrics'] };

/** How often a document was looked at in Apollo Server's pipeline, and how often any was executed. */
async function phasesOf({ metrics }: Gateway): Promise<{ parsed: number; executed: number }> {
  const values = await metrics.registry.getMetricsAsJSON();
  const countOf = (name: string) => {
    const found = values.find((each) => each.name === name);
    const all = (found?.values ?? []) as { value: number; metricName?: string }[];
    return all
      .filter(({ metricName = name }) => metricName === name || metricName.endsWith('_count'))
      .reduce((sum, { value }) => sum + value, 0);
  };
  return {
    parsed: countOf('graphql_envelop_phase_parse'),
    executed: countOf('graphql_envelop_request'),
  };
}

/** An answer without what differs by request, and the raw text of its body. */
async function answerTo(url: string, { token, headers = {}, ...body }: Question) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-request-id': 'fixed',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const shown = [...response.headers].filter(([name]) => !['date', 'server-timing'].includes(name));
  return { status: response.status, headers: shown, text: await response.text() };
}

const PERSON = 'query Person($id: ID!) { person(id: $id) { id name } }';

const LATE = 'query Late($id: ID!) { person(id: $id) { id } motto }';

const QUESTIONS: readonly (Question & { about: string })[] = [
  { about: 'data', query: PERSON, variables: { id: '7' } },
  { about: 'letters beyond ASCII', query: PERSON, variables: { id: 'Zoë 木' } },
  { about: 'data and an error', query: '{ motto broken }' },
  { about: 'an error of each item', query: '{ people(first: 3) { name salary } }' },
  {
    about: 'one of several operations',
    query: '{ motto }'.replace('{', 'query A {') + ' query B { found { __typename } }',
    operationName: 'B',
  },
  { about: 'the schema itself', query: '{ __schema { queryType { name } } motto }' },
  { about: 'no field at all', query: '{ __typename }' },
  {
    about: 'a selection that is skipped',
    query: 'query($no: Boolean!) { motto @skip(if: $no) found @include(if: $no) { __typename } }',
    variables: { no: true },
  },
];

const REFUSED: readonly (Question & { about: string; code: string })[] = [
  {
    about: 'a variable of the wrong kind',
    code: 'BAD_USER_INPUT',
    query: PERSON,
    variables: { id: { no: 1 } },
  },
  { about: 'a variable that is missing', code: 'BAD_USER_INPUT', query: PERSON, variables: {} },
  {
    about: 'a page that is too long',
    code: 'OPERATION_TOO_EXPENSIVE',
    query: 'query($first: Int!) { people(first: $first) { id friends(first: $first) { id } } }',
    variables: { first: 10_000 },
  },
];

const ORDINARY: Readonly<Record<string, Record<string, unknown>>> = {
  [PERSON]: { id: '1' },
  [REFUSED[2]?.query ?? '']: { first: 2 },
};

describe('a known query', () => {
  let graph: SmallGraph;
  let token: string;
  before(async () => {
    graph = await startSmallGraph();
    token = await graph.tokens.sign({ sub: 'ann', org: ours.id, scope: 'owner' });
  });
  after(() => graph.close());

  /** Asks by the short way, which is known by then, and by the long one. */
  const bothWays = async (question: Question) => {
    const known = { token, ...question };
    const first = {
      ...known,
      variables: ORDINARY[question.query ?? ''] ?? question.variables ?? {},
    };
    // The caller himself is known after his first request.
    for (let times = 0; times < 2; times += 1) await ask(graph.url, first);
    const before = await phasesOf(graph);
    const short = await answerTo(`${graph.url}/graphql`, { ...known, extensions: { n: 1 } });
    const between = await phasesOf(graph);
    const long = await answerTo(`${graph.url}/graphql?long`, { ...known, extensions: { n: 2 } });
    const after = await phasesOf(graph);
    return { short, long, before, between, after };
  };

  for (const { about, ...question } of QUESTIONS) {
    test(`is answered as by the long way: ${about}`, () =>
      untilRight(async () => {
        const { short, long, before, between, after } = await bothWays(question);
        assert.deepEqual(short, long);
        assert.equal(between.parsed, before.parsed);
        assert.ok(after.parsed > between.parsed);
      }));
  }

  test('counts among the operations that were executed', async () => {
    const { before, between } = await bothWays({ query: PERSON, variables: { id: '8' } });
    assert.equal(between.executed, before.executed + 1);
  });

  for (const { about, code, ...question } of REFUSED) {
    test(`is refused as by the long way: ${about}`, async () => {
      const { short, long } = await bothWays(question);
      assert.deepEqual(short, long);
      assert.equal(short.status, 400);
      assert.match(short.text, new RegExp(`"code":"${code}"`));
    });
  }

  test('is known to those alone for whom it was admitted', async () => {
    const query = 'query($id: ID!) { person(id: $id) { salary } }';
    const allowed = { query, token };
    for (const id of ['1', '2']) {
      assert.equal((await ask(graph.url, { ...allowed, variables: { id } })).errors, undefined);
    }
    const other = await graph.tokens.sign({ sub: 'ann', org: ours.id, scope: 'pii' });
    for (const id of ['3', '4']) {
      const question = { query, variables: { id } };
      assert.equal(codeOf(await ask(graph.url, { ...question, token: other })), 'FORBIDDEN');
      assert.equal(codeOf(await ask(graph.url, question)), 'UNAUTHENTICATED');
    }
  });

  test('may be known by its hash', () =>
    untilRight(async () => {
      const sha256Hash = createHash('sha256').update(PERSON).digest('hex');
      const byHash = { extensions: { persistedQuery: { version: 1, sha256Hash } }, token };
      await ask(graph.url, { ...byHash, query: PERSON, variables: { id: '1' } });
      await ask(graph.url, { ...byHash, variables: { id: '2' } });
      const before = await phasesOf(graph);
      const { data } = await ask(graph.url, { ...byHash, variables: { id: '3' } });
      assert.deepEqual(data, { person: { id: '3', name: 'Person 3' } });
      assert.equal((await phasesOf(graph)).parsed, before.parsed);
    }));

  test('is kept for each of its variables', () =>
    untilRight(async () => {
      await graph.redis.flush();
      const query = 'query Kept($no: Boolean!) { motto whoAmI @skip(if: $no) }';
      graph.people.resolved.length = 0;
      for (const no of [true, false, true, false, true]) {
        assert.equal((await ask(graph.url, { query, variables: { no }, token })).status, 200);
      }
      assert.equal(graph.people.resolved.filter((field) => field === 'motto').length, 2);
    }));

  test('has a deadline, and tells the subgraph when its client leaves', async () => {
    const requests: { closed: Promise<void> }[] = [];
    let isHeld = false;
    const subgraph = await startFaultySubgraph((_request, response) => {
      if (!isHeld) {
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('{"data":{"person":{"id":"1"},"motto":"On time"}}');
        return;
      }
      requests.push({
        closed: new Promise((resolve) => response.once('close', () => resolve())),
      });
    });
    const gateway = await graph.another({
      urls: { people: subgraph.url },
      env: { GATEWAY_REQUEST_DEADLINE_MS: '400' },
    });
    const question = (id: string) => ({ query: LATE, variables: { id }, token });
    assert.equal((await ask(gateway.url, question('1'))).errors, undefined);
    isHeld = true;
    const late = await ask(gateway.url, question('2'));
    assert.equal(codeOf(late), 'DEADLINE_EXCEEDED');
    assert.equal(late.status, 200);
    assert.equal(late.data, null);
    const leaving = new AbortController();
    const left = answerOrLeft(gateway.url, { ...question('3'), signal: leaving.signal });
    while (requests.length < 2) await sleep(2);
    leaving.abort();
    assert.equal(await left, 'left');
    await requests[1]?.closed;
    await gateway.close();
    await subgraph.close();
  });
});

/** Again if need be: on a busy machine Redis may be late, which leads everything the long way for a second. */
async function untilRight(attempt: () => Promise<void>): Promise<void> {
  for (let times = 1; times < 10; times += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof assert.AssertionError)) throw error;
      await sleep(500);
    }
  }
  await attempt();
}

async function answerOrLeft(
  url: string,
  { token, signal, ...body }: Question & { signal: AbortSignal },
): Promise<unknown> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
    signal,
  }).catch(() => 'left');
}
