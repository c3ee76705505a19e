import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHttpServer } from './http.ts';
import type { HttpServer } from './http.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';

const LARGE = Buffer.alloc(40_000_000, 'x');

describe('connections to an HTTP server', () => {
  let http: HttpServer;
  let port: number;
  before(async () => {
    http = createHttpServer({
      log: createLogger({ service: 'kit', level: 'silent' }),
      metrics: createMetrics('kit'),
      routes: { 'GET /large': (_request, response) => response.end(LARGE) },
      limits: { idleTimeoutMs: 1_000 },
    });
    ({ port } = await http.listen(0, '127.0.0.1'));
  });
  after(() => http.close({ graceMs: 100 }));

  const connections = () =>
    new Promise<number>((resolve, reject) => {
      http.node.getConnections((error, count) => (error ? reject(error) : resolve(count)));
    });
  const noneLeft = async () => {
    const deadline = Date.now() + 20_000;
    while ((await connections()) > 0 && Date.now() < deadline) await sleep(10);
    return (await connections()) === 0;
  };

  test('end after an unreadable request, even when the client leaves its half open', async () => {
    const socket = connect({ port, allowHalfOpen: true });
    socket.write('this is not HTTP\r\n\r\n');
    socket.resume();
    await once(socket, 'end');
    assert.ok(await noneLeft());
    socket.destroy();
  });

  test('are cut when the client reads nothing of its answer', async () => {
    const socket = connect(port).pause();
    socket.on('error', () => undefined);
    socket.write('GET /large HTTP/1.1\r\nhost: x\r\n\r\n');
    while ((await connections()) === 0) await sleep(5);
    assert.ok(await noneLeft());
    socket.destroy();
  });

  test('go on for a client who reads slowly', async () => {
    const socket = connect(port);
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
    socket.write('GET /large HTTP/1.1\r\nhost: x\r\n\r\n');
    for (let pauses = 0; pauses < 6; pauses += 1) {
      socket.pause();
      await sleep(250);
      socket.resume();
      await once(socket, 'data');
    }
    while (bytes < LARGE.length && !socket.closed) await sleep(10);
    assert.ok(bytes > LARGE.length);
    socket.destroy();
  });
});
