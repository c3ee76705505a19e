import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { currentRequest } from './request.ts';
import { receiveSpans } from './test-spans.ts';
import type { ReceivedSpan, ReceivedSpans } from './test-spans.ts';
import { startTracing } from './tracing.ts';
import { inPartSpan, inStatementSpan, inWorkSpan, spanPhases } from './work-spans.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const HEADER = `00-${TRACE_ID}-b7ad6b7169203331-01`;

describe('the spans of work that no request waits for', () => {
  let receiver: ReceivedSpans;
  before(async () => {
    receiver = await receiveSpans();
  });
  after(() => receiver.close());

  const traced = async (work: () => Promise<unknown>, ratio = 1) => {
    receiver.spans.length = 0;
    const stop = await startTracing({
      service: 'kit',
      config: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER_ARG: ratio },
    });
    await work();
    await stop();
    return receiver.spans;
  };
  const named = (name: string) => receiver.spans.find((span) => span.name === name);
  const parentOf = ({ parentSpanId }: ReceivedSpan) =>
    receiver.spans.find(({ spanId }) => spanId === parentSpanId)?.name;

  test('hold its parts and statements, each within the phase that it belongs to', async () => {
    await traced(() =>
      inWorkSpan('work', { attributes: { 'work.of': 'kit' } }, async () => {
        const phases = spanPhases();
        phases.enter('first');
        await inStatementSpan('  SELECT secret from row', async () => undefined);
        phases.enter('second');
        await inPartSpan('part', () => inStatementSpan('update row', async () => undefined));
        phases.end();
        await inPartSpan('after', async () => undefined);
      }),
    );
    const tree = receiver.spans.map((span) => [span.name, parentOf(span)]);
    assert.deepEqual(Object.fromEntries(tree), {
      work: undefined,
      first: 'work',
      'sql select': 'first',
      second: 'work',
      part: 'second',
      'sql update': 'second',
      after: 'work',
    });
    assert.equal(named('work')?.attributes['work.of'], 'kit');
    assert.doesNotMatch(JSON.stringify(receiver.spans), /secret/);
  });

  test('go on with the trace of a header, and say what failed', async () => {
    await traced(async () => {
      await assert.rejects(
        inWorkSpan('thrown', { header: HEADER }, async () => {
          throw new RangeError('too much');
        }),
      );
      const failureOf = (outcome: string) => (outcome === 'lost' ? 'It is lost' : undefined);
      await inWorkSpan('told', { failureOf }, async () => 'lost');
      await inWorkSpan('fine', { failureOf }, async () => 'found');
    });
    const { traceId, parentSpanId, failure } = named('thrown') ?? {};
    assert.deepEqual(
      [traceId, parentSpanId, failure],
      [TRACE_ID, 'b7ad6b7169203331', 'RangeError'],
    );
    assert.deepEqual([named('told')?.failure, named('fine')?.failure], ['It is lost', undefined]);
  });

  test('are sampled like requests, each trace as a whole', async () => {
    const work = () => inWorkSpan('work', {}, () => inPartSpan('part', async () => undefined));
    assert.deepEqual(await traced(work, 0), []);
  });

  test('cost nothing while nothing is traced', async () => {
    await inWorkSpan('work', {}, async (span) => {
      assert.equal(span, undefined);
      assert.equal(currentRequest(), undefined);
      spanPhases().enter('phase');
      assert.equal(await inPartSpan('part', async () => 7), 7);
    });
  });
});
