import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { constants } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, afterEach, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readJson, readSmallBody } from './http-body.ts';
import { sendJson } from './http.ts';
import type { Route } from './http.ts';
import { currentRequest } from './request.ts';
import { testCertificate } from './test-certificate.ts';
import type { TestCertificate } from './test-certificate.ts';
import { askHttp2, startHttp2 } from './test-http2.ts';
import type { TestHttp2 } from './test-http2.ts';

const POST = { ':method': 'POST', 'content-type': 'application/json' };

for (const isSecure of [false, true]) {
  describe(`HTTP/2 ${isSecure ? 'over TLS' : 'in plain text'}`, { timeout: 60_000 }, () => {
    let certificate: TestCertificate;
    let server: TestHttp2;
    const signals = new Map<string, AbortSignal>();

    const routes: Record<string, Route> = {
      'POST /echo': async (request, response) =>
        sendJson(response, 200, await readJson(request, { maxBytes: 1_000 })),
      'POST /lane': {
        deadline: false,
        handler: (_request, response) => response.end('the long way'),
        lane: (request, response) =>
          readSmallBody(request, (body) => {
            response.writeHead(200, ['x-lane', 'short', 'content-length', String(body.length)]);
            response.end(body);
          }),
      },
      'GET /scope': (request, response) =>
        sendJson(response, 200, {
          requestId: currentRequest()?.requestId,
          host: request.headers.host,
          address: request.socket.remoteAddress,
        }),
      'GET /waits': {
        deadline: false,
        handler: () =>
          new Promise(() => {
            const scope = currentRequest();
            if (scope) signals.set(scope.requestId, scope.signal);
          }),
      },
      'GET /deaf': () => new Promise(() => undefined),
      'GET /soon': async (_request, response) => {
        await sleep(200);
        response.end('soon');
      },
      'GET /half': (_request, response) => {
        response.write('half');
        throw new Error('broken in the middle');
      },
    };

    before(async () => {
      certificate = await testCertificate();
    });
    after(() => certificate.remove());
    afterEach(() => server.close());
    const start = async () => {
      server = await startHttp2(routes, {
        certificate: isSecure ? certificate : undefined,
        limits: { deadlineMs: 400 },
        cors: { origins: ['https://app.example.com'] },
      });
      return server;
    };
    const waiting = async (id: string): Promise<AbortSignal> => {
      while (!signals.has(id)) await sleep(5);
      return signals.get(id) ?? assert.fail();
    };

    test('tells handlers of request id, host and address as HTTP/1.1 does', async () => {
      const { connect, port } = await start();
      const answer = await askHttp2(connect(), { ':path': '/scope', 'x-request-id': 'mine' });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['x-request-id'], 'mine');
      const host = `127.0.0.1:${port}`;
      assert.deepEqual(JSON.parse(answer.text), { requestId: 'mine', host, address: '127.0.0.1' });
    });

    test('shares its port with HTTP/1.1, also of clients who offer an upgrade to h2c', async () => {
      const { port } = await start();
      const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c' };
      const options = { port, host: '127.0.0.1', path: '/scope', headers, ca: certificate.cert };
      const asking = isSecure ? httpsRequest(options) : httpRequest(options);
      const [response] = (await once(asking.end(), 'response')) as [{ statusCode: number }];
      assert.equal(response.statusCode, 200);
    });

    test('reads plain and compressed bodies', async () => {
      const session = (await start()).connect();
      const plain = await askHttp2(session, { ...POST, ':path': '/echo' }, '{"a":"ä"}');
      assert.equal(plain.text, '{"a":"ä"}');
      const headers = { ...POST, ':path': '/echo', 'content-encoding': 'gzip' };
      assert.equal((await askHttp2(session, headers, gzipSync('{"a":1}'))).text, '{"a":1}');
    });

    test('refuses in JSON, and the connection goes on', async () => {
      const session = (await start()).connect();
      const bomb = gzipSync(JSON.stringify('x'.repeat(1_000_000)));
      const refused = [
        [404, await askHttp2(session, { ':path': '/nothing' })],
        [405, await askHttp2(session, { ':path': '/echo' })],
        [400, await askHttp2(session, { ...POST, ':path': '/echo' }, '{')],
        [413, await askHttp2(session, { ...POST, ':path': '/echo' }, 'x'.repeat(500_000))],
        [
          413,
          await askHttp2(session, { ...POST, ':path': '/echo', 'content-encoding': 'gzip' }, bomb),
        ],
        [504, await askHttp2(session, { ':path': '/deaf' })],
      ] as const;
      for (const [status, { status: got, text }] of refused) {
        assert.equal(got, status);
        const { errors } = JSON.parse(text) as { errors: { extensions: { code: string } }[] };
        assert.ok(errors[0]?.extensions.code);
      }
      assert.equal((await askHttp2(session, { ...POST, ':path': '/echo' }, '1')).text, '1');
    });

    test('answers from a lane, with headers as a flat list', async () => {
      const session = (await start()).connect();
      const answer = await askHttp2(session, { ...POST, ':path': '/lane' }, 'short');
      assert.equal(answer.headers['x-lane'], 'short');
      assert.equal(answer.text, 'short');
    });

    test('lets pages of allowed origins call', async () => {
      const session = (await start()).connect();
      const preflight = await askHttp2(session, {
        ':method': 'OPTIONS',
        ':path': '/echo',
        origin: 'https://app.example.com',
        'access-control-request-method': 'POST',
      });
      assert.equal(preflight.status, 204);
      const { headers } = preflight;
      assert.equal(headers['access-control-allow-origin'], 'https://app.example.com');
    });

    test('aborts one request when it is reset, and no other of its connection', async () => {
      const session = (await start()).connect();
      const [left, stays] = ['left', 'stays'].map((id) => {
        const stream = session.request({ ':path': '/waits', 'x-request-id': id });
        return stream.on('error', () => undefined);
      });
      const signal = await waiting('left');
      const other = await waiting('stays');
      left?.close(constants.NGHTTP2_CANCEL);
      await once(signal, 'abort');
      assert.equal((signal.reason as { message: string }).message, 'The caller left');
      assert.equal(other.aborted, false);
      stays?.destroy();
    });

    test('aborts all requests of a connection that is lost', async () => {
      const session = (await start()).connect();
      const ids = ['lost 1', 'lost 2'].map((id) => id.replace(' ', '-'));
      for (const id of ids) {
        const stream = session.request({ ':path': '/waits', 'x-request-id': id });
        stream.on('error', () => undefined);
      }
      const all = await Promise.all(ids.map((id) => waiting(id)));
      session.destroy();
      while (!all.every(({ aborted }) => aborted)) await sleep(5);
    });

    test('never lets half an answer pass for a whole one', async () => {
      const session = (await start()).connect();
      const { text, code } = await askHttp2(session, { ':path': '/half' });
      assert.equal(text, 'half');
      assert.equal(code, constants.NGHTTP2_INTERNAL_ERROR);
    });

    test('drains: answers what is in flight, takes nothing more, and closes', async () => {
      const { http, connect } = await start();
      const session = connect();
      const idle = connect();
      await askHttp2(idle, { ':path': '/scope' });
      const goaway = once(session, 'goaway') as Promise<[number]>;
      const inFlight = askHttp2(session, { ':path': '/soon' });
      await sleep(50);
      const closed = http.close({ graceMs: 5_000 });
      const [code] = await goaway;
      assert.equal(code, constants.NGHTTP2_NO_ERROR);
      assert.equal(session.closed, true);
      assert.equal((await inFlight).text, 'soon');
      await closed;
    });

    test('waits for nobody who has said nothing yet', async () => {
      const { http, port, connections } = await start();
      const silent = connectTcp(port).on('error', () => undefined);
      while ((await connections()) === 0) await sleep(5);
      const startedAt = Date.now();
      await http.close({ graceMs: 20_000 });
      assert.ok(Date.now() - startedAt < 10_000);
      silent.destroy();
    });

    test('answers HEAD without a body, and tells that it was answered', async () => {
      const { connect, metrics } = await start();
      const answer = await askHttp2(connect(), { ':method': 'HEAD', ':path': '/scope' });
      assert.equal(answer.status, 200);
      assert.equal(answer.text, '');
      const isCounted = async () => {
        const { values } = await metrics.httpSeconds.get();
        return values.some(({ labels }) => labels.route === '/scope' && labels.status === '200');
      };
      while (!(await isCounted())) await sleep(5);
    });

    test('cuts what is not done within the grace', async () => {
      const { http, connect } = await start();
      const inFlight = askHttp2(connect(), { ':path': '/waits', 'x-request-id': 'never' });
      const signal = await waiting('never');
      await http.close({ graceMs: 100 });
      assert.equal((await inFlight).status, undefined);
      while (!signal.aborted) await sleep(5);
    });
  });
}
