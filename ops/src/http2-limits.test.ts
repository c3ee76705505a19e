import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, constants } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, test } from 'node:test';
import { readSmallBody } from './http-body.ts';
import type { HttpServerOptions, Route } from './http.ts';
import { askHttp2, startHttp2 } from './test-http2.ts';
import type { TestHttp2 } from './test-http2.ts';

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const EMPTY_SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
const PING = Buffer.from([0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);

describe('what a client may do over HTTP/2', { timeout: 60_000 }, () => {
  let server: TestHttp2;
  let asked = 0;
  let begun = 0;
  let bodies: string[] = [];
  afterEach(() => server.close());

  const routes: Record<string, Route> = {
    'GET /fast': (_request, response) => response.end('fast'),
    'GET /waits': () => {
      asked += 1;
      return new Promise(() => undefined);
    },
    'GET /larger': (_request, response) => response.end(Buffer.alloc(5_000, 'x')),
    'POST /lane': {
      deadline: false,
      handler: () => undefined,
      lane: (request, response) => {
        begun += 1;
        readSmallBody(request, (body) => {
          bodies.push(body.toString());
          response.end(body);
        });
      },
    },
  };
  const start = async (options: Partial<Omit<HttpServerOptions, 'certificate'>> = {}) => {
    asked = 0;
    begun = 0;
    bodies = [];
    server = await startHttp2(routes, options);
    return server;
  };
  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    const end = Date.now() + 10_000;
    while (!(await condition())) {
      assert.ok(Date.now() < end, 'It never came to that');
      await sleep(5);
    }
  };
  const goawayOf = async (session: ClientHttp2Session): Promise<number> => {
    const [code] = (await once(session, 'goaway')) as [number];
    return code;
  };

  test('is told how many requests it may have open, and more are refused', async () => {
    const { connect } = await start({ http2: { streams: 3 } });
    const session = connect();
    const first = askHttp2(session, { ':path': '/fast' });
    await once(session, 'remoteSettings');
    assert.equal(session.remoteSettings.maxConcurrentStreams, 3);
    await first;
    for (let count = 0; count < 5; count += 1) {
      void askHttp2(session, { ':path': '/waits' });
    }
    await until(() => asked === 3);
    await sleep(100);
    assert.equal(asked, 3);
  });

  test('has its connection closed when there are too many, and may come again later', async () => {
    const { connect, metrics, connections } = await start({ http2: { sessions: 2 } });
    const [one, two] = [connect(), connect()];
    await Promise.all([one, two].map((session) => askHttp2(session, { ':path': '/fast' })));
    assert.equal((await metrics.http2Sessions.get()).values[0]?.value, 2);
    const third = connect();
    assert.equal(await goawayOf(third), constants.NGHTTP2_ENHANCE_YOUR_CALM);
    one.close();
    await until(async () => (await connections()) === 1);
    assert.equal((await askHttp2(connect(), { ':path': '/fast' })).text, 'fast');
  });

  test('has a connection without requests closed, but none that waits for an answer', async () => {
    const { connect, connections } = await start({ limits: { keepAliveMs: 200 } });
    const idle = connect();
    const busy = connect();
    await askHttp2(idle, { ':path': '/fast' });
    void askHttp2(busy, { ':path': '/waits' });
    assert.equal(await goawayOf(idle), constants.NGHTTP2_NO_ERROR);
    await until(async () => (await connections()) === 1);
    assert.equal(busy.closed, false);
  });

  test('has its connection cut when it does not end its half of an idle one', async () => {
    const { port, connections } = await start({ limits: { keepAliveMs: 200 } });
    const socket = connectTcp({ port, allowHalfOpen: true });
    socket.on('error', () => undefined).resume();
    socket.write(PREFACE);
    socket.write(EMPTY_SETTINGS);
    await until(async () => (await connections()) === 1);
    await until(async () => (await connections()) === 0);
    socket.destroy();
  });

  test('has to say what it speaks in time', async () => {
    const { port, connections } = await start({ limits: { headersTimeoutMs: 200 } });
    for (const beginning of ['', 'P', 'PR']) {
      const socket = connectTcp(port).on('error', () => undefined);
      socket.write(beginning);
      await until(async () => (await connections()) === 1);
      await until(async () => (await connections()) === 0);
    }
  });

  test('may say it byte by byte', async () => {
    const { port } = await start();
    const socket = connectTcp(port);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    for (const character of 'POST /fast HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n') {
      socket.write(character);
      await sleep(1);
    }
    await until(() => text.includes('405'));
    socket.destroy();
  });

  test('is refused when its headers are too large', async () => {
    const { connect } = await start();
    const session = connect();
    const large = () => askHttp2(session, { ':path': '/fast', 'x-large': 'x'.repeat(30_000) });
    const { status, text } = await large();
    assert.equal(status, 431);
    assert.match(text, /The headers are too large/);
    // By now it knows our settings.
    assert.notEqual((await large()).status, 200);
    assert.equal((await askHttp2(connect(), { ':path': '/fast' })).text, 'fast');
  });

  test('is answered 408 when a body does not arrive, and the rest goes on', async () => {
    const { connect } = await start({ limits: { headersTimeoutMs: 200, arrivalTimeoutMs: 200 } });
    const session = connect();
    const stalled = session.request({ ':method': 'POST', ':path': '/lane' });
    stalled.write('half');
    const [headers] = (await once(stalled, 'response')) as [{ ':status': number }];
    assert.equal(headers[':status'], 408);
    await once(stalled.resume(), 'close');
    assert.equal((await askHttp2(session, { ':path': '/fast' })).text, 'fast');
  });

  test('loses an answer of which it reads nothing, however busy it is with others', async () => {
    const { url } = await start({ limits: { idleTimeoutMs: 200 } });
    const session = connect(url, { settings: { initialWindowSize: 1_000 } });
    session.on('error', () => undefined);
    const unread = session.request({ ':path': '/larger' });
    unread.on('error', () => undefined).pause();
    let isClosed = false;
    const closed = once(unread, 'close').then(() => (isClosed = true));
    // It is told of a reset only when it reads on.
    const resumed = sleep(3_000).then(() => unread.resume());
    while (!isClosed) assert.equal((await askHttp2(session, { ':path': '/fast' })).text, 'fast');
    await Promise.all([closed, resumed]);
    assert.equal(unread.rstCode, constants.NGHTTP2_CANCEL);
    session.destroy();
  });

  test('gets nothing done by a body that is cut off with its connection', async () => {
    const { port, url } = await start();
    const socket = connectTcp(port);
    const session = connect(url, { createConnection: () => socket });
    session.on('error', () => undefined);
    const stream = session.request({ ':method': 'POST', ':path': '/lane' });
    stream.on('error', () => undefined);
    stream.write('half a body');
    await until(() => begun === 1);
    socket.destroy();
    const whole = { ':method': 'POST', ':path': '/lane' };
    assert.equal((await askHttp2(server.connect(), whole, 'whole')).text, 'whole');
    assert.deepEqual(bodies, ['whole']);
  });

  test('loses its connection when it takes requests back as fast as it can', async () => {
    const { connect } = await start();
    const session = connect();
    await askHttp2(session, { ':path': '/fast' });
    let isOver = false;
    session.once('close', () => (isOver = true));
    for (let count = 0; count < 3_000 && !isOver; count += 1) {
      if (session.closed || session.destroyed) break;
      const stream = session.request({ ':path': '/waits' });
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
      if (count % 50 === 0) await sleep(1);
    }
    await until(() => isOver);
    assert.ok(asked < 2_500, `${asked} were begun`);
    assert.equal((await askHttp2(server.connect(), { ':path': '/fast' })).text, 'fast');
  });

  for (const [name, frame] of Object.entries({ settings: EMPTY_SETTINGS, pings: PING })) {
    test(`loses its connection when it floods it with ${name} and reads no answer`, async () => {
      const { port, connections } = await start();
      const socket = connectTcp(port)
        .on('error', () => undefined)
        .pause();
      socket.write(PREFACE);
      socket.write(EMPTY_SETTINGS);
      await until(async () => (await connections()) === 1);
      const flood = Buffer.concat(Array.from({ length: 10_000 }, () => frame));
      for (let count = 0; count < 200 && (await connections()) > 0; count += 1) {
        socket.write(flood);
        await sleep(2);
      }
      await until(async () => (await connections()) === 0);
      socket.destroy();
    });
  }
});
