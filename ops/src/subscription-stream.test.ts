import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { newRequestScope } from './request.ts';
import { resultStream } from './subscription-stream.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function streamOf(source: AsyncIterable<unknown>, onEnd: () => void = () => undefined) {
  return resultStream({
    source,
    scope: newRequestScope({ requestId: 'test' }),
    execute: async (event) => ({ data: { event } }),
    failed: (error) => ({ data: { failed: String(error) } }),
    onEnd,
  });
}

async function* numbers(): AsyncGenerator<number> {
  for (let number = 1; ; number += 1) yield number;
}

/** A source that has nothing to tell. */
function silence(): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
}

test('a result that was read is kept by nobody, however long the stream lives', async () => {
  const stream = streamOf(numbers());
  const results: WeakRef<object>[] = [];
  for (let count = 0; count < 50; count += 1) {
    const { value } = await stream.next();
    results.push(new WeakRef(value as object));
  }
  await turn();
  collectGarbage();
  const kept = results.filter((result) => result.deref() !== undefined);
  // The last one may still be on the stack.
  assert.ok(kept.length <= 1, `${kept.length} of ${results.length} results are kept`);
  await stream.return();
});

test('a stream that is returned ends everybody who waits for its next result', async () => {
  let ends = 0;
  const stream = streamOf(silence(), () => (ends += 1));
  const waiting = [stream.next(), stream.next()];
  await stream.return();
  for (const next of waiting) assert.equal((await next).done, true);
  assert.equal((await stream.next()).done, true);
  assert.equal(ends, 1);
});

test('a source that fails gives a last result and the end', async () => {
  const stream = streamOf(
    (async function* fail() {
      yield 1;
      throw new Error('broken');
    })(),
  );
  assert.deepEqual((await stream.next()).value, { data: { event: 1 } });
  assert.deepEqual((await stream.next()).value, { data: { failed: 'Error: broken' } });
  assert.equal((await stream.next()).done, true);
});
