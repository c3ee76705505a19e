import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';

import { holdLock } from '../../test/hold-lock.ts';
import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { requestReport, rowOf } from '../../test/requests.ts';
import type { S3Server } from '../../test/s3-server.ts';
import { startS3Server } from '../../test/s3-server.ts';
import { until } from '../../test/until.ts';
import type { WorkerProcess } from '../../test/worker-process.ts';
import { startWorker } from '../../test/worker-process.ts';
import { dispatcherOf } from '../../test/world.ts';

let bucket: S3Server;
let service: ReportService;
let worker: WorkerProcess;

before(async () => {
  bucket = await startS3Server();
  service = await startReportService(bucket.env);
  worker = await startWorker(service);
  await service.world.addStop({ tenant: service.world.north, day: '2026-11-02' });
});

after(async () => {
  await worker?.stop();
  await service?.close();
  await bucket?.close();
});

test('a report waits for a bucket that is away, is read meanwhile, and its files come from there', async () => {
  const identity = dispatcherOf(service.world.north);
  const lock = await holdLock(service.world, 'report.stop_facts');
  const { id, reportId } = await requestReport(service, identity, { formats: ['CSV', 'XLSX'] });
  await until(() => lock.isWaitedFor(), { withinMs: 60_000, what: 'the reader' });
  await bucket.stop();
  await lock.release();
  const isBetweenAttempts = async () => {
    const { attempt, phase } = await rowOf(service, reportId);
    return attempt > 0 && phase === 'WAITING';
  };
  await until(isBetweenAttempts, { withinMs: 60_000, what: 'the end of the first attempt' });
  const query = `query ($id: ID!) {
    report(id: $id) { status artifacts { url byteSize sha256 } } }`;
  type Read = { report: { status: string; artifacts: { url: string; sha256: string }[] } };
  const read = () => service.data<Read>({ query, identity, variables: { id } });
  assert.equal((await read()).report.status, 'RUNNING');
  await bucket.start();
  await until(async () => (await rowOf(service, reportId)).status === 'SUCCEEDED', {
    withinMs: 60_000,
    what: 'success',
  });
  assert.ok((await rowOf(service, reportId)).attempt > 1);
  const origin = (await service.server.listen(0, '127.0.0.1')).url;
  const { report } = await read();
  assert.equal(report.artifacts.length, 2);
  for (const { url, sha256 } of report.artifacts) {
    const response = await fetch(url.replace('http://public.example', origin));
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256);
  }
});
