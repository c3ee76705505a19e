import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFaultySubgraph } from '../faults/faulty-subgraph.ts';
import { ask, codeOf } from '../small-graph/ask.ts';
import type { Question } from '../small-graph/ask.ts';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';

type Gateway = { url: string; metrics: SmallGraph['metrics'] };

const [ours] = ORGANIZATIONS;
const NOTES = '{ notes }';

async function counted({ metrics }: Gateway, cache: string, outcome: string): Promise<number> {
  const { values } = await metrics.cacheRequests.get();
  const found = values.find(({ labels }) => labels.cache === cache && labels.outcome === outcome);
  return found?.value ?? 0;
}

/** Asks until the answer came from what the process has at hand, which takes a few times. */
async function askUntilNear(gateway: Gateway, question: Question): Promise<void> {
  for (let times = 0; times < 3; times += 1) await ask(gateway.url, question);
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await condition())) {
    assert.ok(Date.now() < end, 'It never came to that');
    await sleep(2);
  }
}

describe('the short way of an answer', () => {
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

  test('gives the same answer as the long way, with an id of its own', async () => {
    const answers = [];
    for (const id of ['one', 'two', 'three', 'four']) {
      const headers = { 'x-request-id': id };
      answers.push(await ask(graph.url, { query: '{ motto whoAmI }', headers }));
    }
    assert.equal(asked('motto'), 1);
    const [first, ...others] = answers;
    for (const other of others) {
      assert.deepEqual(other.data, first?.data);
      for (const name of ['content-type', 'cache-control', 'content-length']) {
        assert.equal(other.headers.get(name), first?.headers.get(name), name);
      }
    }
    assert.deepEqual(
      answers.map(({ headers }) => headers.get('x-request-id')),
      ['one', 'two', 'three', 'four'],
    );
  });

  test('answers in the media type that each client accepts', async () => {
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      for (let times = 0; times < 3; times += 1) {
        const { headers } = await ask(graph.url, { query: '{ motto }', headers: { accept } });
        assert.match(headers.get('content-type') ?? '', new RegExp(accept.replace('+', '\\+')));
      }
    }
  });

  test('is for whom the same was admitted, and for nobody else', async () => {
    const token = await graph.tokens.user(ours.id, 'pii');
    await askUntilNear(graph, { query: NOTES, token });
    assert.equal(asked('notes'), 1);
    for (let times = 0; times < 3; times += 1) {
      assert.equal(codeOf(await ask(graph.url, { query: NOTES })), 'UNAUTHENTICATED');
    }
    const other = await graph.tokens.user(ours.id);
    assert.equal((await ask(graph.url, { query: NOTES, token: other })).errors, undefined);
    assert.equal(asked('notes'), 2);
    const forbidden = { query: '{ person(id: 1) { phone } }', token: other };
    for (let times = 0; times < 3; times += 1) {
      assert.equal(codeOf(await ask(graph.url, forbidden)), 'FORBIDDEN');
    }
  });

  test('leads round what was written at another gateway', async () => {
    const other = await graph.another({});
    const token = await graph.tokens.user(ours.id, 'two-gateways');
    for (let times = 0; times < 8; times += 1) {
      await askUntilNear(other, { query: NOTES, token });
      const text = `note ${times}`;
      await ask(graph.url, { query: `mutation { noteAdd(text: "${text}") }`, token });
      const { data } = await ask(other.url, { query: NOTES, token });
      assert.ok((data?.['notes'] as string[] | undefined)?.includes(text), text);
    }
    await other.close();
  });

  test('knows nothing of before any more when Redis has lost its data', async () => {
    const token = await graph.tokens.user(ours.id, 'lost-data');
    const readNotes = async () => (await ask(graph.url, { query: NOTES, token })).data?.['notes'];
    const write = { query: 'mutation { noteAdd(text: "later") }', token };
    const before = (await readNotes()) as string[];
    await askUntilNear(graph, { query: NOTES, token });
    await ask(graph.url, write);
    await graph.redis.flush();
    assert.deepEqual(await readNotes(), [...before, 'later']);
    await ask(graph.url, write);
    assert.deepEqual(await readNotes(), [...before, 'later', 'later']);
  });

  test('needs no look into Redis but for the generation', async () => {
    const gateway = await graph.another({});
    await askUntilNear(gateway, { query: '{ motto }' });
    const hits = await counted(gateway, 'response', 'hit');
    assert.ok(hits >= 1);
    await ask(gateway.url, { query: '{ motto }' });
    assert.equal(await counted(gateway, 'response', 'hit'), hits + 1);
    assert.equal(asked('motto'), 1);
    await gateway.close();
  });
});

describe('equal queries of one caller in flight', () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph();
  });
  after(() => graph.close());

  const setUp = async () => {
    const responses: ServerResponse[] = [];
    let isHeld = false;
    const answer = (response: ServerResponse) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"data":{"person":{"name":"Ann"}}}');
    const subgraph = await startFaultySubgraph((_request, response) => {
      if (isHeld) responses.push(response);
      else answer(response);
    });
    const gateway = await graph.another({ urls: { people: subgraph.url } });
    const query = '{ person(id: 1) { name } }';
    return {
      gateway,
      subgraph,
      responses,
      query,
      hold: () => (isHeld = true),
      letGo: () => {
        isHeld = false;
        for (const response of responses.splice(0)) answer(response);
      },
      close: async () => {
        await gateway.close();
        await subgraph.close();
      },
    };
  };

  test('share one answer', async () => {
    const { gateway, subgraph, responses, query, hold, letGo, close } = await setUp();
    const token = await graph.tokens.user(ours.id);
    for (let times = 0; times < 2; times += 1) await ask(gateway.url, { query, token });
    hold();
    const before = subgraph.requests.length;
    const all = Array.from({ length: 5 }, () => ask(gateway.url, { query, token }));
    await until(async () => (await counted(gateway, 'in_flight', 'hit')) === 4);
    await until(() => responses.length === 1);
    letGo();
    for (const { data, status } of await Promise.all(all)) {
      assert.equal(status, 200);
      assert.deepEqual(data, { person: { name: 'Ann' } });
    }
    assert.equal(subgraph.requests.length, before + 1);
    await close();
  });

  test('are apart from those of a colleague with the same rights', async () => {
    const { gateway, responses, query, hold, letGo, close } = await setUp();
    const claims = { org: ours.id, scope: '' };
    const [ann, ben] = [
      await graph.tokens.sign({ sub: 'ann', ...claims }),
      await graph.tokens.sign({ sub: 'ben', ...claims }),
    ];
    for (const token of [ann, ben, ann, ben]) await ask(gateway.url, { query, token });
    hold();
    const all = [ann, ben].map((token) => ask(gateway.url, { query, token }));
    await until(() => responses.length === 2);
    letGo();
    await Promise.all(all);
    assert.equal(await counted(gateway, 'in_flight', 'hit'), 0);
    await close();
  });

  test('go on when the first of them leaves', async () => {
    const { gateway, responses, query, hold, letGo, close } = await setUp();
    const token = await graph.tokens.user(ours.id);
    for (let times = 0; times < 2; times += 1) await ask(gateway.url, { query, token });
    hold();
    const leaving = new AbortController();
    const first = fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
      signal: leaving.signal,
    }).catch(() => 'left');
    await until(() => responses.length === 1);
    const others = [ask(gateway.url, { query, token }), ask(gateway.url, { query, token })];
    await until(async () => (await counted(gateway, 'in_flight', 'hit')) === 2);
    leaving.abort();
    assert.equal(await first, 'left');
    await until(() => responses.length === 2);
    letGo();
    for (const { data } of await Promise.all(others)) {
      assert.deepEqual(data, { person: { name: 'Ann' } });
    }
    await close();
  });
});
