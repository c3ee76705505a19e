import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { failure } from './failures.ts';
import { readJson } from './http-body.ts';
import { createHttpServer, sendJson } from './http.ts';
import type { HttpServer, Route } from './http.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { currentRequest } from './request.ts';

const lines: string[] = [];
const log = createLogger({
  service: 'kit',
  level: 'warn',
  destination: { write: (line) => void lines.push(line) },
});

describe('an HTTP server', () => {
  const metrics = createMetrics('kit');
  let http: HttpServer;
  let url: string;
  let port: number;
  let abortedBy: unknown;

  const routes: Record<string, Route> = {
    'POST /echo': async (request, response) =>
      sendJson(response, 200, await readJson(request, { maxBytes: 1_000, timeoutMs: 300 })),
    'GET /files/*': (request, response) => response.end(request.url),
    'GET /files/exact': (_request, response) => response.end('exact'),
    '/any': (request, response) => response.end(request.method),
    'GET /fails': () => {
      throw new Error('secret');
    },
    'GET /refuses': () => {
      throw failure('RATE_LIMITED', 'Slow down', { retryAfterSeconds: 3 });
    },
    'GET /waits': () =>
      new Promise((resolve) => {
        const signal = currentRequest()?.signal;
        signal?.addEventListener('abort', () => {
          abortedBy = signal.reason;
          resolve(undefined);
        });
      }),
    'GET /deaf': () => new Promise(() => undefined),
    'GET /streams': {
      deadline: false,
      async handler(_request, response) {
        response.write('a');
        await sleep(700);
        response.end('b');
      },
    },
    'GET /scope': (_request, response) =>
      sendJson(response, 200, {
        requestId: currentRequest()?.requestId,
        leftMs: (currentRequest()?.deadlineAt ?? 0) - Date.now(),
      }),
  };

  before(async () => {
    http = createHttpServer({
      log,
      metrics,
      routes,
      limits: { deadlineMs: 300, headersTimeoutMs: 500 },
      cors: { origins: ['https://app.example.com'] },
      acceptsDeadline: true,
    });
    ({ url, port } = await http.listen(0, '127.0.0.1'));
  });

  after(() => http.close({ graceMs: 100 }));

  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(`${url}/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: new Uint8Array(Buffer.from(body)),
    });

  const codeOf = async (response: Response) => {
    const body = (await response.json()) as { errors: { extensions: { code: string } }[] };
    return body.errors[0]?.extensions.code;
  };

  test('reads plain and compressed JSON', async () => {
    const body = JSON.stringify({ text: 'ä' });
    const encodings = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
    assert.deepEqual(await (await post(body)).json(), { text: 'ä' });
    for (const [encoding, compress] of Object.entries(encodings)) {
      const response = await post(compress(body), { 'content-encoding': encoding });
      assert.deepEqual(await response.json(), { text: 'ä' }, encoding);
    }
  });

  test('refuses bodies that are too large, before and after decompression', async () => {
    const large = JSON.stringify('x'.repeat(2_000));
    assert.equal((await post(large)).status, 413);
    const bomb = await post(gzipSync(JSON.stringify('x'.repeat(5_000_000))), {
      'content-encoding': 'gzip',
    });
    assert.equal(bomb.status, 413);
    assert.equal(await codeOf(bomb), 'PAYLOAD_TOO_LARGE');
  });

  test('answers unusable bodies with 4xx and JSON', async () => {
    for (const [status, body, headers] of [
      [400, '{', {}],
      [400, Buffer.from([0x22, 0xff, 0x22]), {}],
      [400, 'not gzip', { 'content-encoding': 'gzip' }],
      [400, gzipSync('{}').subarray(0, 10), { 'content-encoding': 'gzip' }],
      [415, '{}', { 'content-encoding': 'zstd' }],
      [415, '{}', { 'content-type': 'application/json; charset=latin1' }],
    ] as const) {
      const response = await post(body, headers);
      assert.equal(response.status, status, String(body));
      assert.equal(await codeOf(response), 'BAD_REQUEST');
    }
  });

  test('gives up a body that does not arrive', async () => {
    const answer = await raw(port, 'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{');
    assert.match(answer, /^HTTP\/1\.1 408 /);
    assert.match(answer, /BAD_REQUEST/);
  });

  test('gives up headers that do not arrive and answers garbage in JSON', async () => {
    assert.match(
      await raw(port, 'GET /any HTTP/1.1\r\nhost: x\r\n'),
      /^HTTP\/1\.1 408 [^{]*{"errors/s,
    );
    assert.match(await raw(port, 'nonsense\r\n\r\n'), /^HTTP\/1\.1 400 [^{]*{"errors/s);
    const long = `GET /any HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`;
    assert.match(await raw(port, long), /^HTTP\/1\.1 431 /);
  });

  test('routes by method, exact path and prefix', async () => {
    assert.equal(await (await fetch(`${url}/files/a?b=c`)).text(), '/files/a?b=c');
    assert.equal(await (await fetch(`${url}/files/exact`)).text(), 'exact');
    assert.equal(await (await fetch(`${url}/any`, { method: 'DELETE' })).text(), 'DELETE');
    assert.equal((await fetch(`${url}/files/a`, { method: 'HEAD' })).status, 200);
    assert.equal((await fetch(`${url}/files/a`, { method: 'POST' })).status, 405);
    const nothing = await fetch(`${url}/nothing`);
    assert.equal(nothing.status, 404);
    assert.equal(await codeOf(nothing), 'NOT_FOUND');
  });

  test('masks its own mistakes and logs them with the request id', async () => {
    const response = await fetch(`${url}/fails`, { headers: { 'x-request-id': 'r-7' } });
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /secret/);
    assert.ok(lines.some((line) => line.includes('r-7') && line.includes('secret')));
  });

  test('answers failures with the status of their code', async () => {
    const response = await fetch(`${url}/refuses`);
    assert.equal(response.status, 429);
    assert.equal(response.headers.get('retry-after'), '3');
    assert.match(await response.text(), /"retryAfterSeconds":3/);
  });

  test('takes a sane request id and makes one otherwise', async () => {
    const sane = await fetch(`${url}/scope`, { headers: { 'x-request-id': 'abc-1.2:3' } });
    assert.equal(sane.headers.get('x-request-id'), 'abc-1.2:3');
    const odd = await fetch(`${url}/scope`, { headers: { 'x-request-id': 'a b"c' } });
    assert.match(odd.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
  });

  test('honours a shorter deadline of its caller, never a longer one', async () => {
    for (const [given, at] of [
      ['100', 100],
      ['9999', 300],
      ['-5', 300],
    ] as const) {
      const response = await fetch(`${url}/scope`, {
        headers: { 'x-quantumroute-deadline-ms': given },
      });
      const { leftMs } = (await response.json()) as { leftMs: number };
      assert.ok(leftMs <= at && leftMs > at - 100, `${given}: ${leftMs}`);
    }
  });

  test('aborts at the deadline and answers for handlers that do not listen', async () => {
    const startedAt = Date.now();
    const response = await fetch(`${url}/deaf`);
    assert.equal(response.status, 504);
    assert.equal(await codeOf(response), 'DEADLINE_EXCEEDED');
    assert.ok(Date.now() - startedAt < 1_500);
  });

  test('lets a route without deadline stream on', async () => {
    assert.equal(await (await fetch(`${url}/streams`)).text(), 'ab');
  });

  test('aborts the work when the client leaves', async () => {
    abortedBy = undefined;
    const request = httpRequest(`${url}/waits`).on('error', () => undefined);
    request.end();
    await sleep(50);
    request.destroy();
    await sleep(100);
    assert.match(String(abortedBy), /The caller left/);
  });

  test('lets pages of the allow-list read its answers, and no others', async () => {
    const ask = (origin: string) =>
      fetch(`${url}/any`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x-a',
        },
      });
    const ours = await ask('https://app.example.com');
    assert.equal(ours.status, 204);
    assert.equal(ours.headers.get('access-control-allow-origin'), 'https://app.example.com');
    assert.equal(ours.headers.get('access-control-allow-headers'), 'x-a');
    const foreign = await ask('https://app.example.com.evil.test');
    assert.equal(foreign.headers.get('access-control-allow-origin'), null);
  });

  test('counts requests by route and status', async () => {
    const text = await metrics.registry.metrics();
    assert.match(text, /http_seconds_count\{.*route="\/files\/\*",status="200"\} [1-9]/);
    assert.match(text, /http_seconds_count\{.*route="none",status="404"\} [1-9]/);
  });

  test('finishes requests in flight when it closes, and cuts what takes too long', async () => {
    const other = createHttpServer({ log, metrics, routes });
    const { url: otherUrl } = await other.listen(0, '127.0.0.1');
    const streaming = fetch(`${otherUrl}/streams`).then((response) => response.text());
    const idle = await fetch(`${otherUrl}/any`);
    await idle.text();
    const deaf = fetch(`${otherUrl}/deaf`).then(
      () => 'answered',
      () => 'cut',
    );
    await sleep(50);
    const startedAt = Date.now();
    await other.close({ graceMs: 1_000 });
    assert.equal(await streaming, 'ab');
    assert.equal(await deaf, 'cut');
    assert.ok(Date.now() - startedAt < 1_500);
    await assert.rejects(fetch(`${otherUrl}/any`));
  });

  test('says which port is taken', async () => {
    const other = createHttpServer({ log, metrics, routes });
    await assert.rejects(other.listen(port, '127.0.0.1'), /EADDRINUSE.*:\d+/);
  });
});

/** Sends text over a socket and gives everything that comes back until it is closed. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}
