import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { openConnection } from './connection.ts';

test('reads answers with a length and in chunks, one after the other', async () => {
  const large = 'x'.repeat(300_000);
  const server = createServer((request, response) => {
    if (request.url === '/chunks') {
      response.write('{"data":');
      setImmediate(() => response.end(JSON.stringify(large)));
    } else {
      response.writeHead(503, { 'content-length': 2 }).end('{}');
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connection = await openConnection((server.address() as AddressInfo).port);
  const ask = (path: string) => connection.ask(`GET ${path} HTTP/1.1\r\nhost: here\r\n\r\n`);
  assert.deepEqual(await ask('/'), { status: 503, bodyBytes: 2 });
  const chunked = await ask('/chunks');
  assert.equal(chunked.status, 200);
  assert.ok(chunked.bodyBytes > large.length);
  assert.deepEqual(await ask('/'), { status: 503, bodyBytes: 2 });
  connection.close();
  server.close();
});

test('tells that the server closed the connection', async () => {
  const server = createServer((request) => request.socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connection = await openConnection((server.address() as AddressInfo).port);
  await assert.rejects(connection.ask('GET / HTTP/1.1\r\nhost: here\r\n\r\n'));
  server.close();
});
