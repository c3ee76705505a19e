import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';

const WATCH = 'subscription ($id: ID!) { parcelUpdated(id: $id) { status } }';

describe('a reserved event stream', () => {
  let graph: SmallGraph;
  let authorization: string;
  before(async () => {
    graph = await startSmallGraph({
      env: { GATEWAY_MAX_SUBSCRIPTIONS_PER_SOCKET: '2', GATEWAY_STREAM_RESERVATION_MS: '1000' },
    });
    authorization = `Bearer ${await graph.tokens.user(ORGANIZATIONS[0].id, 'parcels', 'more')}`;
  });
  after(() => graph.close());

  const call = (method: string, { token = '', headers = {}, body = {}, search = '' }) =>
    fetch(`${graph.url}/graphql/stream${search}`, {
      method,
      headers: {
        ...(token ? { 'x-graphql-event-stream-token': token } : {}),
        ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
        ...(method === 'GET' ? { accept: 'text/event-stream' } : {}),
        ...headers,
      },
      ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
    });
  const reserve = async () => {
    const answer = await call('PUT', { headers: { authorization } });
    assert.equal(answer.status, 201);
    return answer.text();
  };
  const watch = (token: string, operationId: string, headers = {}) =>
    call('POST', {
      token,
      headers,
      body: { query: WATCH, variables: { id: operationId }, extensions: { operationId } },
    });
  const open = async (token: string) => {
    const answer = await call('GET', { token });
    let text = '';
    const ended = (async () => {
      for await (const chunk of answer.body ?? []) text += Buffer.from(chunk).toString();
    })();
    const until = async (pattern: RegExp) => {
      while (!pattern.test(text)) await sleep(5);
    };
    return { until, ended, text: () => text };
  };

  test('takes operations before it is open, and is open for its token alone', async () => {
    const token = await reserve();
    assert.equal((await watch(token, 'early')).status, 202);
    const stream = await open(token);
    await stream.until(/event: next\ndata: {"id":"early","payload":{"data":/);
    assert.equal((await call('GET', { token })).status, 409);
    assert.equal((await watch('no such token', 'x')).status, 404);
    const search = `?token=${token}&operationId=early`;
    assert.equal((await call('DELETE', { search })).status, 200);
    while ((await graph.parcels.open()) > 0) await sleep(5);
    assert.doesNotMatch(stream.text(), /complete/);
  });

  test('takes so many operations, each with an id of its own', async () => {
    const token = await reserve();
    const stream = await open(token);
    assert.equal((await watch(token, 'one')).status, 202);
    assert.equal((await watch(token, 'one')).status, 409);
    assert.equal((await watch(token, '')).status, 400);
    assert.equal((await watch(token, 'two')).status, 202);
    const refused = await watch(token, 'three');
    assert.equal(refused.status, 429);
    assert.match(await refused.text(), /RATE_LIMITED.*|retryAfterSeconds/);
    await stream.until(/"one".*[^]*"two"|"two".*[^]*"one"/);
    graph.parcels.move('one', 'DELIVERED');
    await stream.until(/event: complete\ndata: {"id":"one"}/);
    assert.equal((await watch(token, 'three')).status, 202);
  });

  test('that nobody opens is given up, with its operations', async () => {
    const token = await reserve();
    assert.equal((await watch(token, 'unheard')).status, 202);
    while ((await watch(token, '')).status !== 404) await sleep(50);
  });

  test('lasts as long as the newest token of its caller', async () => {
    const claims = { sub: 'usr_1', org: ORGANIZATIONS[0].id, scope: 'parcels more' };
    const short = await graph.tokens.sign(claims, { expiresIn: '3s' });
    const expiring = { authorization: `Bearer ${short}` };
    const token = await (await call('PUT', { headers: expiring })).text();
    const stream = await open(token);
    assert.equal((await watch(token, 'kept')).status, 202);
    await stream.until(/"kept"/);
    assert.equal((await watch(token, 'renewing', { authorization })).status, 202);
    await sleep(3_200);
    graph.parcels.move('kept', 'DELIVERED');
    await stream.until(/complete\ndata: {"id":"kept"}/);
  });

  test('says which operations a token ends that is not renewed', async () => {
    const claims = { sub: 'usr_1', org: ORGANIZATIONS[0].id, scope: 'parcels' };
    const short = await graph.tokens.sign(claims, { expiresIn: '3s' });
    const headers = { authorization: `Bearer ${short}` };
    const token = await (await call('PUT', { headers })).text();
    const stream = await open(token);
    await watch(token, 'ends');
    await stream.ended;
    assert.match(stream.text(), /{"id":"ends","payload":{"errors":.*UNAUTHENTICATED/);
    assert.doesNotMatch(stream.text(), /complete/);
  });

  test('is of nobody else, and ends what a lesser token does not cover', async () => {
    const token = await reserve();
    const stream = await open(token);
    await watch(token, 'wide');
    await stream.until(/"wide"/);
    const other = `Bearer ${await graph.tokens.user(ORGANIZATIONS[1].id, 'parcels', 'more')}`;
    assert.equal((await watch(token, 'foreign', { authorization: other })).status, 403);
    const bad = await watch(token, 'bad', { authorization: 'Bearer bad' });
    assert.equal(bad.status, 401);
    const lesser = `Bearer ${await graph.tokens.user(ORGANIZATIONS[0].id, 'parcels')}`;
    assert.equal((await watch(token, 'narrow', { authorization: lesser })).status, 202);
    await stream.until(/{"id":"wide","payload":{"errors":.*FORBIDDEN.*\n\nevent: complete/);
    await stream.until(/"narrow","payload":{"data"/);
  });
});
