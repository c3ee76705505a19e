import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { createLogger } from '@quantumroute/ops/log';
import { receiveSpans } from '@quantumroute/ops/test-spans';
import type { ReceivedSpans } from '@quantumroute/ops/test-spans';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { claimReport, requestReport, rowOf } from '../../test/requests.ts';
import { until } from '../../test/until.ts';
import { startWorker } from '../../test/worker-process.ts';
import { dispatcherOf } from '../../test/world.ts';
import { runInOwnProcess } from './own-process.ts';

let service: ReportService;
let receiver: ReceivedSpans;

before(async () => {
  service = await startReportService();
  receiver = await receiveSpans();
});

after(async () => {
  await receiver?.close();
  await service?.close();
});

test('an attempt is a trace of its phases, statements and files', async () => {
  const { north } = service.world;
  await service.world.addStop({ tenant: north, day: '2026-11-02', onTime: true });
  const worker = await startWorker(service, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_TRACES_SAMPLER_ARG: '1',
  });
  const formats = ['CSV', 'HTML'];
  const { reportId } = await requestReport(service, dispatcherOf(north), { formats });
  await until(async () => (await rowOf(service, reportId)).status === 'SUCCEEDED', {
    what: 'success',
    withinMs: 60_000,
  });
  await worker.stop();
  const { spans } = receiver;
  const [attempt, ...others] = spans.filter(({ name }) => name === 'report attempt');
  assert.equal(others.length, 0);
  assert.equal(attempt?.parentSpanId, undefined);
  assert.equal(attempt?.service, 'report-worker');
  assert.equal(attempt?.attributes['quantumroute.report.outcome'], 'succeeded');
  const inside = spans.filter(({ traceId }) => traceId === attempt?.traceId);
  const under = (parent: string | undefined) =>
    inside.filter(({ parentSpanId }) => parentSpanId === parent).map(({ name }) => name);
  const phases = under(attempt?.spanId).filter((name) => !name.startsWith('sql'));
  assert.deepEqual(phases, ['reading', 'aggregating', 'rendering', 'storing']);
  for (const phase of ['reading', 'aggregating']) {
    const { spanId } = inside.find(({ name }) => name === phase) ?? {};
    assert.ok(under(spanId).includes('sql select'), phase);
  }
  const files = inside.filter(({ name }) => name.startsWith('render '));
  assert.deepEqual(files.map(({ name }) => name).sort(), ['render CSV', 'render HTML']);
});

test('an attempt in a process of its own belongs to the trace of its worker', async () => {
  const { reportId } = await requestReport(service, dispatcherOf(service.world.north));
  await claimReport(service, reportId, 'a worker that waits for its child');
  Object.assign(process.env, service.env, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_TRACES_SAMPLER_ARG: '1',
  });
  const traceId = 'c'.repeat(32);
  const outcome = await runInOwnProcess(
    { reportId, attempt: 1 },
    {
      signal: new AbortController().signal,
      log: createLogger({ service: 'worker-spans-test', level: 'silent' }),
      traceHeader: `00-${traceId}-${'d'.repeat(16)}-01`,
    },
  );
  assert.equal(outcome, 'succeeded');
  const attempt = receiver.spans.find((span) => span.parentSpanId === 'd'.repeat(16));
  assert.deepEqual([attempt?.name, attempt?.traceId], ['report attempt', traceId]);
});
