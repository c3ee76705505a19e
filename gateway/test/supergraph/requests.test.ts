import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { ask, codeOf } from '../small-graph/ask.ts';
import { peopleTypeDefs } from '../small-graph/people.ts';
import { smallSupergraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';
import { startFaultySubgraph } from '../faults/faulty-subgraph.ts';
import { startChangingGraph, untilServed } from './changing-graph.ts';
import type { ChangingGraph } from './changing-graph.ts';

const FIRST = smallSupergraph();
const WITHOUT_MOTTO = smallSupergraph({ people: without('motto: String!') });

describe('a supergraph that is changed', { timeout: 120_000 }, () => {
  let graph: ChangingGraph;
  before(async () => {
    graph = await startChangingGraph();
  });
  after(() => graph.close());

  test('fails no request, however often that is', async () => {
    const answers = { '{ motto }': 0, '{ parcels(first: 2) { recipient { name } } }': 0 };
    let isOver = false;
    const asking = Array.from({ length: 6 }, async (_, worker) => {
      for (let count = 0; !isOver; count += 1) {
        const query =
          worker % 2 === 0 ? '{ motto }' : '{ parcels(first: 2) { recipient { name } } }';
        // Each a little different, so that the short way does not answer all of them.
        const { status, data, errors } = await ask(graph.url, {
          query: worker < 3 ? query : `# ${worker} ${count}\n${query}`,
        });
        assert.equal(status, 200);
        assert.equal(errors, undefined);
        assert.ok(data);
        answers[query] += 1;
      }
    });
    for (let round = 0; round < 5; round += 1) await graph.change(`${FIRST}\n# round ${round}`);
    isOver = true;
    await Promise.all(asking);
    for (const count of Object.values(answers)) assert.ok(count > 20);
    assert.equal(await graph.valueOf('quantumroute_supergraph_reloads_total'), 5);
  });

  test('brings its fields, and takes those that it lacks from everybody', async () => {
    await graph.change(WITHOUT_MOTTO);
    const before = await ask(graph.url, { query: '{ motto }' });
    assert.deepEqual([before.status, codeOf(before)], [400, 'GRAPHQL_VALIDATION_FAILED']);
    await graph.change(FIRST);
    // Twice is known by its bytes, and kept.
    for (let count = 0; count < 3; count += 1) {
      assert.deepEqual((await ask(graph.url, { query: '{ motto }' })).data, { motto: 'On time' });
    }
    await graph.change(WITHOUT_MOTTO);
    const afterwards = await ask(graph.url, { query: '{ motto }' });
    assert.deepEqual([afterwards.status, codeOf(afterwards)], [400, 'GRAPHQL_VALIDATION_FAILED']);
    await graph.change(FIRST);
  });

  test('decides who may read what, and what it costs, also of what was answered before', async () => {
    const token = await graph.tokens.user(ORGANIZATIONS[0].id);
    const question = { query: '{ whoAmI found { __typename } }', token };
    for (let count = 0; count < 3; count += 1) {
      assert.equal((await ask(graph.url, question)).status, 200);
    }
    const guarded = 'whoAmI: String @requiresScopes(scopes: [["me"]])';
    await graph.change(smallSupergraph({ people: changed('whoAmI: String', guarded) }));
    assert.equal(codeOf(await ask(graph.url, question)), 'FORBIDDEN');
    const dear = 'whoAmI: String @cost(weight: 100000)';
    await graph.change(smallSupergraph({ people: changed('whoAmI: String', dear) }));
    assert.equal(codeOf(await ask(graph.url, question)), 'OPERATION_TOO_EXPENSIVE');
    await graph.change(FIRST);
    assert.equal((await ask(graph.url, question)).status, 200);
  });

  test('keeps persisted queries, and looks at each of them anew', async () => {
    const query = '{ motto people(first: 1) { name } }';
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    assert.equal((await ask(graph.url, { query, extensions })).status, 200);
    await graph.change(`${FIRST}\n# the same to clients`);
    assert.ok((await ask(graph.url, { extensions })).data);
    await graph.change(WITHOUT_MOTTO);
    assert.equal(codeOf(await ask(graph.url, { extensions })), 'GRAPHQL_VALIDATION_FAILED');
    await graph.change(FIRST);
  });

  test('lets requests in flight end under the one before', async () => {
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const slow = await startFaultySubgraph(async (_request, response) => {
      asked.resolve();
      await go.promise;
      response
        .setHeader('content-type', 'application/json')
        .end('{"data":{"motto":"late","person":null}}');
    });
    const env = { GATEWAY_SUPERGRAPH_POLL_MS: '10', GATEWAY_SUBGRAPH_TIMEOUT_MS: '20000' };
    const urls = { people: slow.url };
    const gateway = await graph.another({ urls, env, supergraphFile: graph.file });
    // Not one that Redis may know.
    const answer = ask(gateway.url, { query: '{ motto person(id: 1) { name } }' });
    await asked.promise;
    await graph.write(WITHOUT_MOTTO);
    await untilServed(gateway.metrics, WITHOUT_MOTTO);
    go.resolve();
    assert.deepEqual((await answer).data, { motto: 'late', person: null });
    await gateway.close();
    await slow.close();
    await graph.change(FIRST);
  });

  test('is changed again and again over one connection of HTTP/2', async () => {
    const env = { GATEWAY_SUPERGRAPH_POLL_MS: '10', GATEWAY_HTTP2: 'true' };
    const gateway = await graph.another({ env, supergraphFile: graph.file });
    const session = connect(gateway.url);
    for (const round of [1, 2, 3]) {
      for (const query of ['{ motto }', `{ people(first: ${round}) { name } }`]) {
        assert.match(await askOver(session, query), /^{"data":/);
      }
      const next = `${FIRST}\n# HTTP/2 ${round}`;
      await graph.write(next);
      // The one before the last has ended, or it would wait for that.
      await untilServed(gateway.metrics, next);
    }
    session.close();
    await gateway.close();
    await graph.change(FIRST);
  });

  test('is found behind a symbolic link, as a ConfigMap is mounted', async () => {
    const mount = join(dirname(graph.file), 'mount');
    await mkdir(mount);
    const publish = async (version: string, text: string) => {
      await mkdir(join(mount, version));
      await writeFile(join(mount, version, 'supergraph.graphql'), text);
      await symlink(version, join(mount, '..data.new'));
      await rename(join(mount, '..data.new'), join(mount, '..data'));
    };
    await publish('..1', WITHOUT_MOTTO);
    await symlink('..data/supergraph.graphql', join(mount, 'supergraph.graphql'));
    const gateway = await graph.another({
      supergraphFile: join(mount, 'supergraph.graphql'),
      env: { GATEWAY_SUPERGRAPH_POLL_MS: '10' },
    });
    assert.equal((await ask(gateway.url, { query: '{ motto }' })).status, 400);
    await publish('..2', FIRST);
    await rm(join(mount, '..1'), { recursive: true });
    await untilServed(gateway.metrics, FIRST);
    assert.equal((await ask(gateway.url, { query: '{ motto }' })).status, 200);
    await gateway.close();
  });
});

async function askOver(session: ClientHttp2Session, query: string): Promise<string> {
  const stream = session.request({
    ':method': 'POST',
    ':path': '/graphql',
    'content-type': 'application/json',
  });
  stream.end(JSON.stringify({ query }));
  return text(stream);
}

/** The SDL of people with another text in the place of one. */
function changed(from: string, to: string): string {
  assert.ok(peopleTypeDefs.includes(from));
  return peopleTypeDefs.replace(from, to);
}

/** The SDL of people without the line that begins so. */
function without(beginning: string): string {
  const line = peopleTypeDefs.split('\n').find((each) => each.trim().startsWith(beginning));
  assert.ok(line);
  return peopleTypeDefs.replace(`${line}\n`, '');
}
