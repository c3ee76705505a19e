import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ClientHttp2Session } from 'node:http2';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Metrics } from '@quantumroute/ops/metrics';
import { testCertificate } from '@quantumroute/ops/test-certificate';
import type { TestCertificate } from '@quantumroute/ops/test-certificate';
import { askHttp2, http2Client } from '@quantumroute/ops/test-http2';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';
import { secureFetch, socketsOver, streamsOver } from './tls-clients.ts';
import type { SecureFetch } from './tls-clients.ts';

type Gateway = { url: string; metrics: Metrics; close(): Promise<void> };

const [ours] = ORGANIZATIONS;
const JSON_POST = { ':method': 'POST', ':path': '/graphql', 'content-type': 'application/json' };
const WATCH = 'subscription ($id: ID!) { parcelUpdated(id: $id) { status } }';

describe('a gateway that speaks HTTP/2', { timeout: 60_000 }, () => {
  let graph: SmallGraph;
  let certificate: TestCertificate;
  let plain: Gateway;
  let secure: Gateway;
  let client: SecureFetch;
  let session: ClientHttp2Session;
  let token: string;
  before(async () => {
    graph = await startSmallGraph();
    token = await graph.tokens.user(ours.id, 'parcels');
    certificate = await testCertificate();
    plain = await graph.another({ env: { GATEWAY_HTTP2: 'on' } });
    secure = await graph.another({ env: secureEnv() });
    client = secureFetch(certificate.cert);
    session = http2Client(plain.url);
  });
  after(async () => {
    session.destroy();
    await client.close();
    await secure.close();
    await plain.close();
    await graph.close();
    await certificate.remove();
  });
  beforeEach(async () => {
    await graph.redis.flush();
    graph.people.resolved.length = 0;
  });
  const secureEnv = () => ({
    GATEWAY_HTTP2: 'on',
    GATEWAY_TLS_CERT_FILE: certificate.certFile,
    GATEWAY_TLS_KEY_FILE: certificate.keyFile,
  });
  const authorized = () => ({ authorization: `Bearer ${token}` });
  const sessionsOf = async ({ metrics }: Gateway) =>
    (await metrics.http2Sessions.get()).values[0]?.value;
  const untilOpen = async (count: number) => {
    while ((await graph.parcels.open()) !== count) await sleep(5);
  };

  test('answers operations by POST and GET, in plain text and with TLS', async () => {
    const path = `/graphql?query=${encodeURIComponent('{ motto }')}`;
    const headers = { 'content-type': 'application/json', 'x-request-id': 'mine' };
    for (const answer of [
      await askHttp2(session, { ...JSON_POST, 'x-request-id': 'mine' }, '{"query":"{ motto }"}'),
      await askHttp2(session, { ':path': path, ...headers }),
    ]) {
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['x-request-id'], 'mine');
      assert.deepEqual(JSON.parse(answer.text), { data: { motto: 'On time' } });
    }
    const { fetchFn } = client;
    for (const answer of [
      await fetchFn(`${secure.url}/graphql`, {
        method: 'POST',
        headers,
        body: '{"query":"{ motto }"}',
      }),
      await fetchFn(`${secure.url}${path}`, { headers }),
    ]) {
      assert.deepEqual(await answer.json(), { data: { motto: 'On time' } });
    }
    assert.equal(await sessionsOf(plain), 1);
    assert.equal(await sessionsOf(secure), 1);
  });

  test('answers known requests the short way, and equal ones at the same time once', async () => {
    const body = JSON.stringify({ query: '{ motto whoAmI }' });
    const answers = [];
    for (let times = 0; times < 4; times += 1) {
      answers.push(await askHttp2(session, { ...JSON_POST, 'x-request-id': `n${times}` }, body));
    }
    assert.equal(graph.people.resolved.filter((field) => field === 'motto').length, 1);
    assert.deepEqual(new Set(answers.map(({ text }) => text)).size, 1);
    assert.equal(answers.at(-1)?.headers['x-request-id'], 'n3');
    const { values } = await plain.metrics.cacheRequests.get();
    const hits = values.find(
      ({ labels }) => labels.cache === 'response' && labels.outcome === 'hit',
    );
    assert.ok((hits?.value ?? 0) >= 2);
  });

  test('refuses what it refuses over HTTP/1.1, with the same statuses and codes', async () => {
    for (const [body, status] of [
      ['{', 400],
      [JSON.stringify({ query: '{ nothing }' }), 400],
      [JSON.stringify({ query: '{ motto }', pad: 'x'.repeat(1_100_000) }), 413],
    ] as const) {
      const over1 = await fetch(`${plain.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const over2 = await askHttp2(session, JSON_POST, body);
      assert.equal(over2.status, status);
      assert.equal(over1.status, status);
      const codes = (text: string) =>
        (JSON.parse(text) as { errors: { extensions: object }[] }).errors.map(
          ({ extensions }) => 'code' in extensions && extensions.code,
        );
      assert.deepEqual(codes(over2.text), codes(await over1.text()));
    }
  });

  test('ends an operation of which the request is reset, and no other of the connection', async () => {
    const headers = { ...JSON_POST, accept: 'text/event-stream', ...authorized() };
    const open = (id: string) => {
      const stream = session.request(headers);
      stream.on('error', () => undefined).setEncoding('utf8');
      stream.end(JSON.stringify({ query: WATCH, variables: { id } }));
      return stream;
    };
    const stays = open('stays');
    const leaves = open('leaves');
    await untilOpen(2);
    leaves.close(8);
    await untilOpen(1);
    let text = '';
    stays.on('data', (chunk: string) => (text += chunk));
    graph.parcels.move('stays', 'DELIVERED');
    await once(stays, 'end');
    assert.match(text, /"DELIVERED"[^]*event: complete/);
    await untilOpen(0);
  });

  test('streams events to each kind of client, all on one connection', async () => {
    for (const [name, transport] of Object.entries(streamsOver(client))) {
      const id = `over ${name}`;
      const watching = transport(secure.url, { query: WATCH, variables: { id }, token });
      await watching.until(1);
      graph.parcels.move(id, 'DELIVERED');
      await watching.ended;
      assert.deepEqual(watching.results.at(-1)?.data, { parcelUpdated: { status: 'DELIVERED' } });
    }
    assert.equal(await sessionsOf(secure), 1);
  });

  test('serves WebSockets on the same port, as HTTP/1.1 with TLS', async () => {
    const id = 'over a socket';
    const watching = socketsOver(certificate.cert)(secure.url, {
      query: WATCH,
      variables: { id },
      token,
    });
    await watching.until(1);
    graph.parcels.move(id, 'DELIVERED');
    await watching.ended;
    assert.deepEqual(watching.results.at(-1)?.data, { parcelUpdated: { status: 'DELIVERED' } });
  });

  test('lets pages of its own origin open streams, and no others', async () => {
    const ask = (origin: string) =>
      askHttp2(
        session,
        { ...JSON_POST, ':path': '/graphql/stream', accept: 'text/event-stream', origin },
        '{"query":"{ motto }"}',
      );
    assert.equal((await ask(plain.url)).status, 200);
    assert.equal((await ask('https://elsewhere.example.com')).status, 403);
  });

  test('counts operations on one connection, and those beyond its setting wait', async () => {
    const small = await graph.another({ env: { GATEWAY_HTTP2: 'on', GATEWAY_HTTP2_STREAMS: '1' } });
    const other = http2Client(small.url);
    await once(other, 'remoteSettings');
    const headers = { ...JSON_POST, accept: 'text/event-stream', ...authorized() };
    const stream = other.request(headers);
    stream.end(JSON.stringify({ query: WATCH, variables: { id: 'alone' } }));
    await untilOpen(1);
    const second = askHttp2(other, JSON_POST, '{"query":"{ motto }"}');
    await sleep(100);
    assert.deepEqual(graph.people.resolved, []);
    graph.parcels.move('alone', 'DELIVERED');
    stream.resume();
    assert.equal((await second).status, 200);
    other.destroy();
    await small.close();
  });

  test('tells clients to move when it stops, and ends after their last answers', async () => {
    const old = await graph.another({ env: { ...secureEnv(), GATEWAY_DRAIN_MS: '200' } });
    const own = secureFetch(certificate.cert);
    const sse = streamsOver(own)['graphql-sse'] ?? assert.fail();
    const watching = sse(old.url, { query: WATCH, variables: { id: 'moves' }, token });
    await watching.until(1);
    const moved = http2Client(old.url, certificate.cert);
    await askHttp2(moved, JSON_POST, '{"query":"{ motto }"}');
    const goaway = once(moved, 'goaway') as Promise<[number]>;
    await old.close();
    assert.equal((await goaway)[0], 0);
    await assert.rejects(watching.ended);
    await own.close();
  });

  test('does without, where nothing is set', async () => {
    const other = http2Client(graph.url);
    await new Promise((resolve) => other.once('close', resolve));
    assert.equal(await sessionsOf({ ...plain, metrics: graph.metrics }), 0);
  });
});
