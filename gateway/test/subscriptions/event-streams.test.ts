import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';

describe('event streams', () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph();
  });
  after(() => graph.close());

  const move = 'mutation { parcelMove(id: "m", status: "MOVED") { status } }';
  const feed = 'subscription { parcelsUpdated { status } }';
  const accept = 'text/event-stream';
  const get = (query: string) =>
    fetch(`${graph.url}/graphql/stream?${new URLSearchParams({ query }).toString()}`, {
      headers: { accept },
    });
  const post = (query: string, headers: Record<string, string> = {}, path = '/graphql/stream') =>
    fetch(`${graph.url}${path}`, {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });

  test('change nothing by GET, which only reads', async () => {
    const refused = await (await get(move)).text();
    assert.match(refused, /BAD_REQUEST/);
    assert.equal(graph.parcels.statuses.has('m'), false);
    assert.match(await (await get('{ motto }')).text(), /event: next\ndata: {"data":{"motto"/);
    assert.match(await (await post(move)).text(), /MOVED/);
  });

  test('take JSON only, which pages of other origins cannot send unasked', async () => {
    for (const path of ['/graphql/stream', '/graphql']) {
      const answer = await post(move, { 'content-type': 'text/plain' }, path);
      assert.equal(answer.status, 415);
    }
    const patch = await fetch(`${graph.url}/graphql/stream`, { method: 'PATCH', body: '{}' });
    assert.equal(patch.status, 405);
  });

  test('that are cut short do not say that they are complete', async () => {
    const token = await graph.tokens.sign(
      { sub: 'usr_1', org: ORGANIZATIONS[0].id },
      { expiresIn: '1s' },
    );
    const expiring = await (await post(feed, { authorization: `Bearer ${token}` })).text();
    assert.doesNotMatch(expiring, /complete/);
    assert.match(expiring, /event: next\ndata: {"errors":\[{.*"code":"UNAUTHENTICATED"/);

    const gateway = await graph.another({});
    const stopped = await fetch(`${gateway.url}/graphql/stream`, {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json' },
      body: JSON.stringify({ query: feed }),
    });
    const [text] = await Promise.all([stopped.text(), gateway.close()]);
    assert.doesNotMatch(text, /complete/);
    assert.match(text, /retry: \d+\n/);
  });
});
