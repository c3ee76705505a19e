import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createHttpServer } from './http.ts';
import type { HttpServer } from './http.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { currentRequest } from './request.ts';
import { receiveSpans } from './test-spans.ts';
import type { ReceivedSpans } from './test-spans.ts';
import { endSpan, startSpan, startTracing, traceHeaderOf } from './tracing.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const CALLER = { traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01` };

describe('tracing', () => {
  let http: HttpServer;
  let url: string;
  let receiver: ReceivedSpans;
  before(async () => {
    receiver = await receiveSpans();
    const log = createLogger({ service: 'kit', level: 'silent' });
    http = createHttpServer({
      log,
      metrics: createMetrics('kit'),
      routes: {
        'GET /work': (_request, response) => {
          const span = startSpan('work', { 'work.of': 'kit' });
          endSpan(span, 'It went wrong');
          response.end(span ? traceHeaderOf(span) : 'untraced');
        },
        'GET /health/live': (_request, response) =>
          response.end(currentRequest()?.span ? 'traced' : 'untraced'),
      },
    });
    ({ url } = await http.listen(0, '127.0.0.1'));
  });
  after(async () => {
    await http.close({ graceMs: 0 });
    await receiver.close();
  });

  const get = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(`${url}${path}`, { headers })).text();
  const tracedWith = async (
    settings: { ratio?: number; edge?: boolean },
    work: () => Promise<unknown>,
  ) => {
    receiver.spans.length = 0;
    const { ratio = 1, edge = false } = settings;
    const stop = await startTracing({
      service: 'kit',
      config: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER_ARG: ratio },
      edge,
    });
    await work();
    await stop();
    return receiver.spans;
  };

  test('is off without an endpoint', async () => {
    const stop = await startTracing({ service: 'kit', config: { OTEL_TRACES_SAMPLER_ARG: 1 } });
    assert.equal(await get('/work', CALLER), 'untraced');
    await stop();
  });

  test('sends a span of each request and of what is done in it, within the caller’s trace', async () => {
    let header = '';
    const spans = await tracedWith({}, async () => {
      header = await get('/work', CALLER);
    });
    const request = spans.find(({ name }) => name === 'GET /work');
    const work = spans.find(({ name }) => name === 'work');
    assert.equal(request?.traceId, TRACE_ID);
    assert.equal(request?.parentSpanId, 'b7ad6b7169203331');
    assert.equal(request?.service, 'kit');
    assert.equal(request?.attributes['http.response.status_code'], 200);
    assert.equal(work?.parentSpanId, request?.spanId);
    assert.equal(work?.failure, 'It went wrong');
    assert.equal(header, `00-${TRACE_ID}-${work?.spanId}-01`);
  });

  test('takes no notice of a trace header that is none', async () => {
    const spans = await tracedWith({}, async () => {
      await get('/work', { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` });
      await get('/work', { traceparent: 'nonsense' });
    });
    const requests = spans.filter(({ name }) => name === 'GET /work');
    assert.equal(requests.length, 2);
    for (const { parentSpanId } of requests) assert.equal(parentSpanId, undefined);
  });

  test('leaves probes alone', async () => {
    const spans = await tracedWith({}, async () =>
      assert.equal(await get('/health/live'), 'untraced'),
    );
    assert.deepEqual(spans, []);
  });

  test('records at the edge what it likes, whatever a caller says; inside what the edge said', async () => {
    const atEdge = await tracedWith({ ratio: 0, edge: true }, () => get('/work', CALLER));
    assert.deepEqual([...atEdge], []);
    const inside = await tracedWith({ ratio: 0 }, () => get('/work', CALLER));
    assert.equal(inside.length, 2);
  });
});
