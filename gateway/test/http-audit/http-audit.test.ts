import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serverAudits } from 'graphql-http';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';

/**
 * Where the specification would like a mistake of the client to be answered with 200 for the older
 * media type. Like Apollo Server we say 400: what is a mistake is counted as one on the way.
 */
const ANSWERED_WITH_400 = new Set(['572B', 'FDE2', '7B9B']);

describe('the audit of GraphQL over HTTP', () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph();
  });
  after(() => graph.close());

  const audits = serverAudits({ url: () => `${graph.url}/graphql`, fetchFn: fetchAsOwnPage });

  test('is a long one', () => assert.ok(audits.length >= 60));

  for (const audit of audits) {
    test(`${audit.id}: ${audit.name}`, async () => {
      const result = await audit.fn();
      if (!ANSWERED_WITH_400.has(audit.id)) {
        return assert.equal(result.status, 'ok', 'reason' in result ? result.reason : '');
      }
      assert.equal(result.status, 'warn');
      assert.equal(result.response.status, 400);
    });
  }
});

/** A GET could be forged by a foreign page, so that it needs a header that such a page cannot set. */
function fetchAsOwnPage(url: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if ((init.method ?? 'GET') === 'GET') headers.set('apollo-require-preflight', 'true');
  return fetch(url, { ...init, headers });
}
