import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byId, createLoader } from './loader.ts';
import { createMetrics } from './metrics.ts';
import { newRequestScope, runInRequest } from './request.ts';

function squares() {
  const metrics = createMetrics('kit');
  const batches: number[][] = [];
  const make = () =>
    createLoader<number, number>({
      name: 'squares',
      metrics,
      batch: async (keys) => {
        batches.push([...keys]);
        return keys.map((key) => (key < 0 ? null : key * key));
      },
    });
  return { metrics, batches, make };
}

test('asks for each key once, in one batch, and counts it', async () => {
  const { metrics, batches, make } = squares();
  const loader = make();
  assert.deepEqual(await Promise.all([loader.load(2), loader.load(-1), loader.load(2)]), [
    4,
    null,
    4,
  ]);
  assert.deepEqual(batches, [[2, -1]]);
  const text = await metrics.registry.metrics();
  assert.match(text, /loader_batch_size_sum\{service="kit",loader="squares"\} 2/);
});

test('asks one by one, still once per key, when the request switched batching off', async () => {
  const { batches, make } = squares();
  await runInRequest(newRequestScope({ requestId: 'r', batching: false }), async () => {
    const loader = make();
    await Promise.all([loader.load(1), loader.load(2), loader.load(1)]);
  });
  assert.deepEqual(batches, [[1], [2]]);
});

test('asks for at most 500 keys at once', async () => {
  const { batches, make } = squares();
  await make().loadMany(Array.from({ length: 501 }, (_, index) => index));
  assert.deepEqual(
    batches.map((batch) => batch.length),
    [500, 1],
  );
});

test('rows are aligned with their keys', () => {
  const rows = [{ id: 'b' }, { id: 'a' }];
  assert.deepEqual(
    byId(['a', 'x', 'b'], rows, ({ id }) => id),
    [{ id: 'a' }, null, { id: 'b' }],
  );
});
