import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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

  test('gives back what is picked of all that waits', async () => {
    const { push, drop, end, stream } = queueOf(3);
    for (const value of [1, 2, 3]) push(value);
    assert.deepEqual(
      drop((value) => value !== 2),
      [1, 3],
    );
    assert.equal(push(4), true);
    end();
    const values: number[] = [];
    for await (const value of stream) values.push(value);
    assert.deepEqual(values, [2, 4]);
  });

  test('says when somebody pulls and nothing is there', async () => {
    let drained = 0;
    const onDrained = () => (drained += 1);
    const { push, stream } = createEventQueue<number>({
      capacity: 1,
      onReturn: () => undefined,
      onDrained,
    });
    push(1);
    await stream.next();
    assert.equal(drained, 0);
    void stream.next();
    assert.equal(drained, 1);
  });
});
