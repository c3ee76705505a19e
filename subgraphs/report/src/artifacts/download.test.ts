import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';

import { createHttpServer } from '@quantumroute/ops/http';
import { createLogger } from '@quantumroute/ops/log';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { requestReport, rowOf } from '../../test/requests.ts';
import { until } from '../../test/until.ts';
import type { WorkerProcess } from '../../test/worker-process.ts';
import { startWorker } from '../../test/worker-process.ts';
import { dispatcherOf } from '../../test/world.ts';
import { downloadRoute } from './download-route.ts';
import { signLink } from './link.ts';

type File = { format: string; url: string; byteSize: number; sha256: string };

let service: ReportService;
let worker: WorkerProcess;
let origin: string;
let files: File[];
let reportId: string;

before(async () => {
  service = await startReportService();
  worker = await startWorker(service);
  origin = (await service.server.listen(0, '127.0.0.1')).url;
  await service.world.addStop({ tenant: service.world.north, day: '2026-11-02' });
  const identity = dispatcherOf(service.world.north);
  const requested = await requestReport(service, identity, {
    formats: ['CSV', 'JSONL', 'XLSX', 'HTML', 'PDF'],
  });
  ({ reportId } = requested);
  await until(async () => (await rowOf(service, reportId)).status === 'SUCCEEDED', {
    withinMs: 60_000,
  });
  const { report } = await service.data<{ report: { artifacts: File[] } }>({
    query: `query ($id: ID!) { report(id: $id) { artifacts { format url byteSize sha256 } } }`,
    identity,
    variables: { id: requested.id },
  });
  files = report.artifacts;
});

after(async () => {
  await worker?.stop();
  await service?.close();
});

/** The link as the gateway would pass it on. */
function get(link: string, init?: RequestInit): Promise<Response> {
  return fetch(link.replace('http://public.example', origin), init);
}

function linkOf(format: string): string {
  return files.find((file) => file.format === format)?.url ?? '';
}

async function refusal(link: string): Promise<[number, unknown]> {
  const response = await get(link);
  const body = (await response.json()) as { errors: { extensions: { code: string } }[] };
  return [response.status, body.errors[0]?.extensions.code];
}

test('a signed link gives the whole file with its name, type and checksum', async () => {
  for (const file of files) {
    const response = await get(file.url);
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(response.status, 200);
    assert.equal(bytes.length, file.byteSize);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), file.sha256);
    assert.equal(response.headers.get('etag'), `"${file.sha256}"`);
    assert.match(
      response.headers.get('content-disposition') ?? '',
      /filename="on-time-in-full-2026-11-01-to-2026-\d\d-\d\d\.(csv|jsonl|xlsx|html|pdf)"/,
    );
  }
});

test('a file that the reader has already is not sent again', async () => {
  const etag = `"${files[0]?.sha256}"`;
  const response = await get(files[0]?.url ?? '', { headers: { 'if-none-match': etag } });
  assert.equal(response.status, 304);
});

test('a part of a file is sent on request, and of a file that changed all of it', async () => {
  const link = linkOf('CSV');
  const etag = `"${files.find(({ format }) => format === 'CSV')?.sha256}"`;
  const whole = Buffer.from(await (await get(link)).arrayBuffer());
  const part = await get(link, { headers: { range: 'bytes=3-9', 'if-range': etag } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get('content-range'), `bytes 3-9/${whole.length}`);
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), whole.subarray(3, 10));
  const changed = await get(link, { headers: { range: 'bytes=3-9', 'if-range': '"other"' } });
  assert.equal(changed.status, 200);
  assert.equal((await changed.arrayBuffer()).byteLength, whole.length);
  const beyond = await get(link, { headers: { range: `bytes=${whole.length}-` } });
  assert.deepEqual(
    [beyond.status, beyond.headers.get('content-range')],
    [416, `bytes */${whole.length}`],
  );
});

test('every file says what it is, and nobody may guess', async () => {
  const types = await Promise.all(
    files.map(async ({ format, url }) => {
      const response = await get(url, { method: 'HEAD' });
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
      const [disposition] = (response.headers.get('content-disposition') ?? '').split(';');
      const [type] = (response.headers.get('content-type') ?? '').split(';');
      return `${format}: ${type}, ${disposition}`;
    }),
  );
  assert.deepEqual(types.toSorted(), [
    'CSV: text/csv, attachment',
    'HTML: text/html, inline',
    'JSONL: application/jsonl, attachment',
    'PDF: application/pdf, inline',
    'XLSX: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, attachment',
  ]);
});

test('an HTML file cannot run anything', async () => {
  const response = await get(linkOf('HTML'));
  assert.match(
    response.headers.get('content-security-policy') ?? '',
    /^sandbox; default-src 'none'/,
  );
  const text = await response.text();
  assert.doesNotMatch(text, /<script|https?:\/\/(?!www\.w3\.org)/);
  assert.match(text, /<svg role="img" aria-label="Line chart by day/);
});

test('a link that was changed is refused', async () => {
  const link = new URL(linkOf('CSV'));
  const other = new URL(linkOf('HTML'));
  const swapped = new URL(link);
  swapped.pathname = other.pathname;
  assert.deepEqual(await refusal(swapped.href), [403, 'FORBIDDEN']);
  const later = new URL(link);
  later.searchParams.set('expires', String(Number(link.searchParams.get('expires')) + 1));
  assert.deepEqual(await refusal(later.href), [403, 'FORBIDDEN']);
  const bare = new URL(link);
  bare.search = '';
  assert.deepEqual(await refusal(bare.href), [403, 'FORBIDDEN']);
  assert.deepEqual(await refusal(`${origin}/downloads/../../etc/passwd`), [404, 'NOT_FOUND']);
  assert.deepEqual(await refusal(`${origin}/downloads/%2e%2e%2fsecret`), [404, 'NOT_FOUND']);
});

test('a link is good for fifteen minutes, for a file that exists', async () => {
  const settings = { publicUrl: origin, secret: service.env['DOWNLOAD_SECRET'] ?? '' };
  const artifactId = new URL(linkOf('CSV')).pathname.split('/').at(-1) ?? '';
  const minutes = (count: number) => Date.now() - count * 60_000;
  assert.equal((await get(signLink(settings, artifactId, minutes(14)))).status, 200);
  assert.deepEqual(await refusal(signLink(settings, artifactId, minutes(16))), [410, 'NOT_FOUND']);
  assert.deepEqual(await refusal(signLink(settings, randomUUID())), [404, 'NOT_FOUND']);
});

test('a reader who takes nothing is cut off', async () => {
  const { postgres, store, metrics } = service;
  const artifactId = new URL(linkOf('CSV')).pathname.split('/').at(-1) ?? '';
  const storeKey = `${reportId}/1-large.csv`;
  // More than sockets hold by themselves.
  await store.write(
    storeKey,
    Readable.from(Array.from({ length: 40 }, () => Buffer.alloc(2 ** 20))),
  );
  await service.world.sql.query('update report.report_artifacts set store_key = $2 where id = $1', [
    artifactId,
    storeKey,
  ]);
  const secret = service.env['DOWNLOAD_SECRET'] ?? '';
  const http = createHttpServer({
    log: createLogger({ service: 'download-test', level: 'silent' }),
    metrics,
    routes: { 'GET /downloads/*': downloadRoute({ postgres, store, secret, stallMs: 300 }) },
  });
  const { port } = await http.listen(0, '127.0.0.1');
  const { pathname, search } = new URL(linkOf('CSV'));
  const socket = connect(port, '127.0.0.1').pause();
  socket.on('error', () => undefined);
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
  const [, response] = await once(http.node, 'request');
  await until(async () => (response as ServerResponse).closed, { what: 'the end of it' });
  socket.destroy();
  await http.close({ graceMs: 0 });
});

test('an expired report keeps its row and loses its files', async () => {
  await service.world.sql.query(
    `update report.reports set expires_at = now() - interval '1 second' where id = $1`,
    [reportId],
  );
  await until(async () => (await rowOf(service, reportId)).status === 'EXPIRED');
  await until(async () => (await service.store.keysOf(reportId)).length === 0);
  assert.deepEqual(await refusal(linkOf('CSV')), [410, 'NOT_FOUND']);
  const { reports } = await service.data<{ reports: { nodes: object[] } }>({
    query: `{ reports(filter: { status: [EXPIRED] }) { nodes { status artifacts { url } rows { nodes } totals { key } } } }`,
    identity: dispatcherOf(service.world.north),
  });
  assert.partialDeepStrictEqual(reports.nodes, [{ status: 'EXPIRED', artifacts: [], rows: null }]);
});
