import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { receiveSpans } from '@quantumroute/ops/test-spans';
import type { ReceivedSpans } from '@quantumroute/ops/test-spans';
import { startTracing } from '@quantumroute/ops/tracing';
import { ask } from '../small-graph/ask.ts';
import { startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';
import { overSocket } from '../subscriptions/live-clients.ts';

const EVENT = 'event parcelsMoved';

describe('a trace', () => {
  let graph: SmallGraph;
  let receiver: ReceivedSpans;
  before(async () => {
    graph = await startSmallGraph();
    receiver = await receiveSpans();
  });
  after(async () => {
    await graph.close();
    await receiver.close();
  });

  test('goes from the client through the gateway’s plan and each fetch into the subgraphs', async () => {
    const stop = await startTracing({
      service: 'all in one',
      config: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER_ARG: 1 },
    });
    const traceId = 'a'.repeat(32);
    await ask(graph.url, {
      query: 'query Recipient { parcel(id: 1) { recipient { name } } }',
      operationName: 'Recipient',
      headers: { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` },
    });
    await stop();
    const { spans } = receiver;
    for (const span of spans) assert.equal(span.traceId, traceId, span.name);
    const under = (parent: string | undefined) =>
      spans.filter(({ parentSpanId }) => parentSpanId === parent);
    const [request] = under('b'.repeat(16));
    assert.equal(request?.name, 'POST /graphql');
    assert.equal(request?.attributes['graphql.operation.name'], 'Recipient');
    const own = under(request?.spanId).map(({ name }) => name);
    assert.equal(own.filter((name) => name === 'plan').length, 1);
    const fetches = under(request?.spanId).filter(({ name }) => name.startsWith('fetch '));
    assert.deepEqual(fetches.map(({ name }) => name).sort(), ['fetch parcels', 'fetch people']);
    for (const { spanId } of fetches) {
      assert.deepEqual(
        under(spanId).map(({ name }) => name),
        ['POST /graphql'],
      );
    }
  });

  test('goes with an event from its subgraph through the gateway and each fetch, to all clients at once', async () => {
    const token = await graph.tokens.user(ORGANIZATIONS[0].id, 'parcels');
    const query = 'subscription { parcelsMoved { id recipient { name } } }';
    const watches = [1, 2].map(() =>
      overSocket(graph.url, { query, token, extensions: { cursor: null } }),
    );
    await Promise.all(watches.map((watch) => watch.until(1)));
    receiver.spans.length = 0;
    const stop = await startTracing({
      service: 'all in one',
      config: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER_ARG: 1 },
    });
    graph.parcels.move('traced', 'MOVING');
    await Promise.all(watches.map((watch) => watch.until(2)));
    for (const watch of watches) watch.leave();
    await stop();
    const { spans } = receiver;
    const under = (parent: string | undefined) =>
      spans.filter(({ parentSpanId }) => parentSpanId === parent);
    const made = spans.find(({ name, parentSpanId }) => name === EVENT && !parentSpanId);
    const [passedOn, ...others] = under(made?.spanId);
    assert.equal(others.length, 0);
    assert.equal(passedOn?.name, EVENT);
    assert.equal(passedOn?.attributes['quantumroute.clients'], 2);
    const fetched = under(passedOn?.spanId).find(({ name }) => name.startsWith('fetch'));
    assert.equal(fetched?.name, 'fetch people');
    assert.deepEqual(
      under(fetched?.spanId).map(({ name }) => name),
      ['POST /graphql'],
    );
  });
});
