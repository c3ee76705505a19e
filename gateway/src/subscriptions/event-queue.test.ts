import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { completedEvents } from './completed-events.ts';
import { createEventQueue } from './event-queue.ts';

describe('an event queue', () => {
  const queueOf = (capacity: number) => {
    let returns = 0;
    const queue = createEventQueue<number>({ capacity, onReturn: () => (returns += 1) });
    return { ...queue, returns: () => returns };
  };

  test('gives what was pushed before and after somebody waits', async () => {
    const { push, stream } = queueOf(2);
    push(1);
    assert.deepEqual(await stream.next(), { done: false, value: 1 });
    const waiting = stream.next();
    push(2);
    assert.deepEqual(await waiting, { done: false, value: 2 });
  });

  test('takes no more than it has room for', () => {
    const { push } = queueOf(2);
    assert.deepEqual([push(1), push(2), push(3)], [true, true, false]);
  });

  test('gives what waits and a last word after its end, then nothing', async () => {
    const { push, end, stream } = queueOf(1);
    push(1);
    end(2);
    push(3);
    const values: number[] = [];
    for await (const value of stream) values.push(value);
    assert.deepEqual(values, [1, 2]);
  });

  test('ends at once for a reader who waits and leaves, and says so once', async () => {
    const { stream, returns } = queueOf(1);
    const waiting = stream.next();
    await stream.return();
    assert.equal((await waiting).done, true);
    await stream.return();
    assert.equal(returns(), 1);
  });
});

describe('completed events', () => {
  test('leave their source at once, also while one is being completed', async () => {
    let returns = 0;
    let ends = 0;
    const queue = createEventQueue<number>({ capacity: 1, onReturn: () => (returns += 1) });
    const never = new Promise<number>(() => undefined);
    const stream = completedEvents(queue.stream, {
      complete: () => never,
      onEnd: () => (ends += 1),
    });
    void stream.next();
    queue.push(1);
    await stream.return();
    assert.deepEqual([returns, ends], [1, 1]);
  });

  test('end when their source ends', async () => {
    const queue = createEventQueue<number>({ capacity: 1, onReturn: () => undefined });
    let ends = 0;
    const stream = completedEvents(queue.stream, {
      complete: async (event) => event * 2,
      onEnd: () => (ends += 1),
    });
    queue.push(4);
    queue.end();
    const values: number[] = [];
    for await (const value of stream) values.push(value);
    assert.deepEqual(values, [8]);
    assert.equal(ends, 1);
  });
});
