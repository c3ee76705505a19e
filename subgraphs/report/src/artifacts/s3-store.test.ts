import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { after, before, test } from 'node:test';

import type { S3Server } from '../../test/s3-server.ts';
import { startS3Server } from '../../test/s3-server.ts';
import { createS3Store } from './s3-store.ts';

const MEBIBYTE = 2 ** 20;

let server: S3Server;
let store: ReturnType<typeof createS3Store>;

before(async () => {
  server = await startS3Server();
  store = createS3Store(server.settings);
});

after(async () => {
  store?.close();
  await server?.close();
});

async function* pieces(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

async function contentOf(key: string, range?: { start: number; end: number }) {
  const stream = await store.read(key, range);
  return stream === null ? null : (await buffer(stream)).toString();
}

const unavailable = { name: 'ReportFailure', code: 'STORE_UNAVAILABLE' };

test('a file is stored, read in whole and in part, listed and removed', async () => {
  await store.check();
  const reportId = randomUUID();
  const key = `${reportId}/1-a.csv`;
  const { byteSize, sha256 } = await store.write(key, pieces('one,', 'two'));
  assert.equal(byteSize, 7);
  assert.equal(sha256, createHash('sha256').update('one,two').digest('hex'));
  assert.equal(await contentOf(key), 'one,two');
  assert.equal(await contentOf(key, { start: 4, end: 5 }), 'tw');
  assert.deepEqual(await store.keysOf(reportId), [key]);
  await store.remove(key);
  await store.remove(key);
  assert.equal(await contentOf(key), null);
  assert.deepEqual(await store.keysOf(reportId), []);
});

test('a large file goes up in parts and comes back as it was', async () => {
  const key = `${randomUUID()}/1-large.csv`;
  async function* large() {
    for (let index = 0; index < 40; index += 1) yield Buffer.alloc(MEBIBYTE, index);
  }
  const { byteSize, sha256 } = await store.write(key, large());
  assert.equal(byteSize, 40 * MEBIBYTE);
  const stream = await store.read(key);
  assert.ok(stream);
  assert.equal(
    createHash('sha256')
      .update(await buffer(stream))
      .digest('hex'),
    sha256,
  );
  await store.remove(key);
});

test('content that fails leaves nothing behind, and its own error', async () => {
  const reportId = randomUUID();
  for (const before of [10, 20 * MEBIBYTE]) {
    async function* broken() {
      yield Buffer.alloc(before);
      throw new Error('the rows are gone');
    }
    await assert.rejects(store.write(`${reportId}/1-b.csv`, broken()), /the rows are gone/);
  }
  assert.deepEqual(await store.keysOf(reportId), []);
});

test('a key that leads elsewhere is refused', async () => {
  for (const key of ['../secret', `${randomUUID()}/../x`, `${randomUUID()}/.hidden`]) {
    await assert.rejects(async () => store.read(key), TypeError);
  }
});

test('a store that does not know us, is gone or never answers is STORE_UNAVAILABLE in bounded time', async (t) => {
  const silent = createServer((socket) => socket.on('error', () => undefined));
  t.after(() => silent.close());
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port } = silent.address() as AddressInfo;
  const { settings } = server;
  const refusing = [
    { ...settings, credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'wrong' } },
    { ...settings, endpoint: 'http://127.0.0.1:1' },
    { ...settings, endpoint: `http://127.0.0.1:${port}` },
  ];
  for (const other of refusing) {
    const stranger = createS3Store(other);
    t.after(() => stranger.close());
    const startedAt = performance.now();
    await assert.rejects(stranger.write(`${randomUUID()}/1-c.csv`, pieces('x')), unavailable);
    assert.ok(performance.now() - startedAt < 10_000);
    if (other.endpoint !== settings.endpoint) await assert.rejects(stranger.check());
  }
});
