import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ask, codeOf } from '../small-graph/ask.ts';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';

type Gateway = Awaited<ReturnType<SmallGraph['another']>>;

describe('a gateway with a subgraph in its process', () => {
  let graph: SmallGraph;
  let gateway: Gateway;
  before(async () => {
    graph = await startSmallGraph();
    gateway = await graph.another({
      mounted: new Map([['people', graph.people.ask]]),
      // Nobody answers there.
      urls: { people: 'http://127.0.0.1:1/graphql' },
    });
  });
  after(async () => {
    await gateway.close();
    await graph.close();
  });

  test('asks it without HTTP, and others beside it', async () => {
    const token = await graph.tokens.user(ORGANIZATIONS[0].id, 'pii');
    const query = '{ whoAmI parcel(id: "1") { recipient { id name phone } } }';
    const here = await ask(gateway.url, { query, token });
    const overHttp = await ask(graph.url, { query, token });
    assert.equal(here.errors, undefined);
    assert.deepEqual(here.data, overHttp.data);
  });

  test('answers every character of it', async () => {
    const token = await graph.tokens.user(ORGANIZATIONS[1].id);
    const query = 'mutation ($text: String!) { noteAdd(text: $text) }';
    for (const text of ['plain', 'äöü €', '😀 \u2028 "\\']) {
      const { data } = await ask(gateway.url, { query, variables: { text }, token });
      const notes = data?.['noteAdd'] as string[] | undefined;
      assert.equal(notes?.at(-1), text);
    }
  });

  test('masks its errors', async () => {
    const broken = await ask(gateway.url, { query: '{ broken }' });
    assert.equal(codeOf(broken), 'INTERNAL_SERVER_ERROR');
    assert.doesNotMatch(JSON.stringify(broken), /postgres/);
  });
});
