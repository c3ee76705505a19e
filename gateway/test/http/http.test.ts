import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createHttpServer } from '@quantumroute/ops/http';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { createDownloads } from '../../src/http/downloads.ts';
import { ask, codeOf } from '../small-graph/ask.ts';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';

describe('the front', () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph();
  });
  after(() => graph.close());

  test('is alive, ready and has metrics of operations, caches and subscriptions', async () => {
    await ask(graph.url, { query: '{ motto }' });
    for (const path of ['live', 'ready']) {
      assert.equal((await fetch(`${graph.url}/health/${path}`)).status, 200);
    }
    const metrics = await (await fetch(`${graph.url}/metrics`)).text();
    for (const name of [
      'graphql_envelop_phase_parse',
      'graphql_envelop_phase_validate',
      'graphql_envelop_phase_execute',
      'graphql_envelop_request',
      'quantumroute_cache_requests_total',
      'quantumroute_open_subscriptions',
      'quantumroute_http_seconds',
    ]) {
      assert.match(metrics, new RegExp(name));
    }
  });

  test('answers what is no GraphQL with JSON and a client error', async () => {
    const requests: [string, RequestInit][] = [
      ['/graphql', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }],
      ['/graphql', { method: 'POST', body: '[]', headers: { 'content-type': 'application/json' } }],
      ['/graphql', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } }],
      ['/graphql', { method: 'DELETE' }],
      ['/graphql?query={motto}', {}],
      ['/elsewhere', {}],
    ];
    for (const [path, init] of requests) {
      const answer = await fetch(`${graph.url}${path}`, init);
      assert.ok(answer.status >= 400 && answer.status < 500, `${path} ${answer.status}`);
      const { errors } = (await answer.json()) as { errors: { message: string }[] };
      assert.equal(typeof errors[0]?.message, 'string');
    }
  });

  test('tells outside production what the subgraphs spent', async () => {
    const { headers } = await ask(graph.url, {
      query: '{ p: person(id: 1) { name } parcel(id: 1) { recipient { name } } }',
    });
    assert.match(headers.get('server-timing') ?? '', /^fetches;desc="3", sql;desc="0";dur=/);
  });

  test('lets only listed pages read its answers', async () => {
    const env = { GATEWAY_CORS_ORIGINS: 'https://app.example.com' };
    const gateway = await graph.another({ env });
    const allowedFor = async (origin: string) =>
      (
        await fetch(`${gateway.url}/graphql`, { method: 'OPTIONS', headers: preflight(origin) })
      ).headers.get('access-control-allow-origin');
    assert.equal(await allowedFor('https://app.example.com'), 'https://app.example.com');
    assert.equal(await allowedFor('https://evil.example.com'), null);
    await gateway.close();
  });

  test('tells nothing of its schema or its work in production', async () => {
    const gateway = await graph.another({ env: { NODE_ENV: 'production' } });
    const introspection = await ask(gateway.url, { query: '{ __schema { types { name } } }' });
    assert.equal(codeOf(introspection), 'GRAPHQL_VALIDATION_FAILED');
    const misspelt = await ask(gateway.url, { query: '{ mottoo }' });
    assert.equal(codeOf(misspelt), 'GRAPHQL_VALIDATION_FAILED');
    assert.doesNotMatch(JSON.stringify(misspelt.errors), /Did you mean/);
    const { headers, data } = await ask(gateway.url, { query: '{ motto }' });
    assert.deepEqual(data, { motto: 'On time' });
    assert.equal(headers.get('server-timing'), null);
    await gateway.close();
  });

  test('serves a supergraph with policies off', async () => {
    const subgraph = createServer(answerMotto);
    const url = await listening(subgraph);
    const gateway = await graph.another({ policies: 'off', urls: { people: url } });
    assert.deepEqual((await ask(gateway.url, { query: '{ motto }', token: 'ignored' })).data, {
      motto: 'plain',
    });
    await gateway.close();
    subgraph.close();
  });
});

describe('downloads', () => {
  const text = 'x'.repeat(3_000_000);
  const answers: Record<string, RequestListener> = {
    '/downloads/file?signature=a': (_request, response) => {
      response
        .writeHead(200, { 'content-type': 'text/csv', etag: '"1"', 'x-internal': 'yes' })
        .end(text);
    },
    '/downloads/expired': (_request, response) => void response.writeHead(410).end('{"errors":[]}'),
    '/downloads/hangs': () => undefined,
  };
  let service: Server;
  let url: string;
  let stop: () => Promise<void>;
  before(async () => {
    service = createServer((request, response) => answers[request.url ?? '']?.(request, response));
    const origin = new URL(await listening(service)).origin;
    const log = createLogger({ service: 'downloads', level: 'silent' });
    const downloads = createDownloads({ originNow: () => origin, answerMs: 300, log });
    const http = createHttpServer({
      log,
      metrics: createMetrics('downloads'),
      routes: { 'GET /downloads/*': { handler: downloads.handler, deadline: false } },
    });
    ({ url } = await http.listen(0, '127.0.0.1'));
    stop = async () => {
      await http.close({ graceMs: 0 });
      await downloads.close();
      service.closeAllConnections();
      service.close();
    };
  });
  after(() => stop());

  test('come through as they are, with the headers that are meant for clients', async () => {
    const answer = await fetch(`${url}/downloads/file?signature=a`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'text/csv');
    assert.equal(answer.headers.get('etag'), '"1"');
    assert.equal(answer.headers.get('x-internal'), null);
    assert.equal(await answer.text(), text);
  });

  test('that are refused by the service are refused with its status', async () => {
    assert.equal((await fetch(`${url}/downloads/expired`)).status, 410);
  });

  test('from a service that hangs or is away are refused soon', async () => {
    const refused = await fetch(`${url}/downloads/hangs`);
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '1']);
  });
});

function preflight(origin: string): Record<string, string> {
  return { origin, 'access-control-request-method': 'POST' };
}

const answerMotto: RequestListener = (_request, response) => {
  response.setHeader('content-type', 'application/json').end('{"data":{"motto":"plain"}}');
};

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}
