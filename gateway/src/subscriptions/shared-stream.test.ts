import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { FormattedExecutionResult } from 'graphql';
import { Registry } from 'prom-client';
import { createEventQueue } from './event-queue.ts';
import type { EventStream } from './event-queue.ts';
import { createLiveMetrics } from './live-metrics.ts';
import { textOf } from './result-text.ts';
import type { Joining } from './shared-stream.ts';
import { createSharedStreams } from './shared-streams.ts';
import type { StreamPlan, StreamSource } from './stream-source.ts';

type Result = FormattedExecutionResult;

const lifetime = { onFailed: () => undefined, onGone: () => undefined };
const NOW: Joining = { from: null, wantsCursor: false, ...lifetime };
const after = (from: string): Joining => ({ ...NOW, from, wantsCursor: true });

/** Shared subscriptions whose sources a test plays. */
function world({ capacity = 5 } = {}) {
  const sources: { push: (result: Result) => void; end: (last?: Result) => void }[] = [];
  const log: string[] = [];
  const positions: (string | null)[] = [];
  const streams = createSharedStreams({ capacity, metrics: createLiveMetrics(new Registry()) });
  const source = (): StreamSource => ({
    plan: { field: 'watched' } as StreamPlan,
    open(position) {
      positions.push(position);
      const queue = createEventQueue<Result>({ capacity: 100, onReturn: () => log.push('left') });
      sources.push({
        push: (result) => queue.push(result),
        end: (last) => (last ? queue.end(last) : queue.end()),
      });
      return queue.stream;
    },
    complete: async ({ data, errors }) => {
      log.push('executed');
      return { ...(data === undefined ? {} : { data }), ...(errors ? { errors } : {}) };
    },
    beforeTold: async () => void log.push('forgotten'),
    seal: (position) => `<${position}>`,
    onEnd: () => log.push('closed'),
  });
  return {
    sources,
    log,
    positions,
    streams,
    source,
    join: (joining: Joining) => streams.join('key', joining, source),
  };
}

function state(version: number, settles = false): Result {
  const live = { position: `v.${version}`, mode: 'state', settles };
  return { data: { version }, extensions: { live } };
}

function happening(number: number, more: object = {}): Result {
  const live = { position: `e.${number}`, mode: 'feed', settles: false, ...more };
  return { data: { number }, extensions: { live } };
}

function change(number: number, more: object = {}): Result {
  return happening(number, { mode: 'changes', ...more });
}

function markAt(position: string, more: object = {}): Result {
  return { extensions: { live: { position, mode: 'feed', ...more } } };
}

async function take(stream: EventStream<Result>, count = 1): Promise<Result[]> {
  const taken: Result[] = [];
  while (taken.length < count) {
    const { done, value } = await stream.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

const dataOf = (results: Result[]) => results.map(({ data }) => Object.values(data ?? {})[0]);

describe('a shared subscription', () => {
  test('is executed and written once for everybody, and gives each the same', async () => {
    const { sources, log, join } = world();
    const [one, other] = [join(NOW), join(NOW)];
    sources[0]?.push(state(1));
    const [[first], [second]] = await Promise.all([take(one), take(other)]);
    assert.equal(first, second);
    assert.equal(textOf(first as Result), '{"data":{"version":1},"extensions":{"cursor":"<v.1>"}}');
    assert.equal(sources.length, 1);
    assert.deepEqual(log, ['executed']);
  });

  test('gives who comes late the present state, and then what follows', async () => {
    const { sources, join } = world();
    const first = join(NOW);
    sources[0]?.push(state(1));
    sources[0]?.push(state(2));
    await take(first, 2);
    const late = join(NOW);
    sources[0]?.push(state(3));
    assert.deepEqual(dataOf(await take(late, 2)), [2, 3]);
    assert.equal(sources.length, 1);
  });

  test('gives who comes back what he has missed, and nothing that he knows', async () => {
    const { sources, join } = world();
    const watched = join(NOW);
    sources[0]?.push(markAt('e.0'));
    for (const number of [1, 2, 3]) sources[0]?.push(happening(number));
    await take(watched, 3);
    const [behind, upToDate] = [join(after('e.1')), join(after('e.3'))];
    sources[0]?.push(happening(4));
    assert.deepEqual(dataOf(await take(behind, 3)), [2, 3, 4]);
    assert.deepEqual(dataOf(await take(upToDate)), [4]);
    assert.equal(sources.length, 1);
    join(after('e.100'));
    assert.equal(sources.length, 2, 'only the subgraph knows what follows there');
  });

  test('gives who comes back to one of several events with the same position all that follow it', async () => {
    const { sources, join } = world();
    const watched = join(NOW);
    for (const [number, position] of [
      [1, 'e.1'],
      [2, 'e.1'],
      [3, 'e.3'],
    ] as const) {
      sources[0]?.push(happening(number, { position }));
    }
    await take(watched, 3);
    assert.deepEqual(dataOf(await take(join(after('e.1')), 2)), [2, 3]);
  });

  test('of changes gives who comes late the whole, and then shares what follows', async () => {
    const { sources, log, join } = world();
    const first = join(NOW);
    sources[0]?.push(change(1));
    await take(first);
    const late = join(NOW);
    assert.equal(sources.length, 2);
    sources[1]?.push(change(0, { position: 'all' }));
    sources[0]?.push(change(2));
    assert.deepEqual(dataOf(await take(late)), [0]);
    assert.deepEqual(dataOf(await take(first)), [2]);
    sources[1]?.push(change(2));
    assert.deepEqual(dataOf(await take(late)), [2]);
    assert.deepEqual(log.slice(-2), ['left', 'closed'], 'its own is not needed any more');
    sources[0]?.push(change(3));
    assert.deepEqual(dataOf([...(await take(first)), ...(await take(late))]), [3, 3]);
    await first.return();
    assert.equal(log.filter((each) => each === 'closed').length, 1);
    await late.return();
    assert.equal(log.filter((each) => each === 'closed').length, 2);
  });

  test('takes over who resumed on his own, with what it has told meanwhile', async () => {
    const { sources, join } = world({ capacity: 10 });
    const watched = join(NOW);
    sources[0]?.push(markAt('e.4'));
    for (const number of [5, 6, 7]) sources[0]?.push(happening(number));
    await take(watched, 3);
    const resumed = join(after('e.1'));
    for (const number of [2, 3, 4]) sources[1]?.push(happening(number));
    assert.deepEqual(dataOf(await take(resumed, 6)), [2, 3, 4, 5, 6, 7]);
  });

  test('lets nobody begin in the middle of what another has missed', async () => {
    const { sources, join } = world();
    const resumed = join(after('e.1'));
    sources[0]?.push(happening(2));
    await take(resumed);
    join(NOW);
    assert.equal(sources.length, 2);
    sources[0]?.push(markAt('e.2'));
    await turn();
    join(after('e.2'));
    assert.equal(sources.length, 2);
  });

  test('of a subgraph without positions is shared by those who are there from the start', async () => {
    const { sources, join } = world();
    const [one, other] = [join(NOW), join(NOW)];
    sources[0]?.push({ data: { number: 1 } });
    assert.deepEqual((await take(one))[0], { data: { number: 1 } });
    await take(other);
    join(NOW);
    assert.equal(sources.length, 2);
  });

  test('tells who will resume from where, before anything has happened', async () => {
    const { sources, join } = world();
    const first = join({ ...NOW, wantsCursor: true });
    const other = join(NOW);
    sources[0]?.push(markAt('e.7'));
    assert.deepEqual(await take(first), [{ data: null, extensions: { cursor: '<e.7>' } }]);
    const late = join({ ...NOW, wantsCursor: true });
    assert.deepEqual(await take(late), [{ data: null, extensions: { cursor: '<e.7>' } }]);
    sources[0]?.push(happening(8));
    assert.deepEqual(dataOf(await take(other)), [8]);
  });

  test('says that there is a gap, with the event or alone', async () => {
    const { sources, join } = world();
    const resumed = join(after('e.1'));
    sources[0]?.push(happening(9, { gap: 'TRIMMED' }));
    sources[0]?.push(markAt('f.1', { gap: 'RESET' }));
    const [event, alone] = await take(resumed, 2);
    assert.deepEqual(event?.extensions, { cursor: '<e.9>', gap: { reason: 'TRIMMED' } });
    const extensions = { cursor: '<f.1>', gap: { reason: 'RESET' } };
    assert.deepEqual(alone, { data: null, extensions });
  });

  test('makes the caches forget before it tells what they must not contradict', async () => {
    const { sources, log, join } = world();
    const watched = join(NOW);
    sources[0]?.push(state(1));
    sources[0]?.push(state(2, true));
    await take(watched, 2);
    assert.deepEqual(log, ['executed', 'forgotten', 'executed']);
  });

  test('gives a slow client the newest state and says how many it stands for', async () => {
    const { sources, join } = world({ capacity: 2 });
    const [slow, quick] = [join(NOW), join(NOW)];
    const seen: Result[] = [];
    for (const version of [1, 2, 3, 4]) {
      sources[0]?.push(state(version));
      seen.push(...(await take(quick)));
    }
    assert.deepEqual(dataOf(seen), [1, 2, 3, 4]);
    const [third, fourth] = await take(slow, 2);
    assert.deepEqual(third?.extensions, { cursor: '<v.3>', conflated: 2 });
    assert.deepEqual(fourth?.extensions, { cursor: '<v.4>' });
  });

  test('replaces in a feed what is about the same', async () => {
    const { sources, join } = world({ capacity: 2 });
    const [slow, quick] = [join(NOW), join(NOW)];
    for (const [number, key] of [
      [1, 'a'],
      [2, 'b'],
      [3, 'a'],
    ] as const) {
      sources[0]?.push(happening(number, { key }));
      await take(quick);
    }
    const told = await take(slow, 2);
    assert.deepEqual(dataOf(told), [2, 3]);
    assert.equal(told[1]?.extensions?.['conflated'], 1);
  });

  test('cuts off a slow client where each event counts, with a cursor to come back with', async () => {
    const { sources, log, join } = world({ capacity: 2 });
    const slow = join(NOW);
    for (const number of [1, 2, 3]) sources[0]?.push(happening(number));
    await turn();
    const told = await take(slow, 4);
    assert.deepEqual(dataOf(told.slice(0, 2)), [1, 2]);
    assert.equal(told[2]?.errors?.[0]?.extensions?.['code'], 'RATE_LIMITED');
    assert.equal(told[2]?.extensions?.['cursor'], '<e.2>');
    assert.equal(told.length, 3);
    assert.ok(log.includes('closed'), 'nobody is left');
  });

  test('ends for all when its source does, with the last cursor', async () => {
    const { sources, join } = world();
    const [one, other] = [join(NOW), join(NOW)];
    sources[0]?.push(state(1));
    sources[0]?.end({ errors: [{ message: 'away' }] });
    for (const stream of [one, other]) {
      const told = await take(stream, 3);
      assert.equal(told.length, 2);
      assert.deepEqual(told[1]?.extensions, { cursor: '<v.1>' });
    }
    join(NOW);
    assert.equal(sources.length, 2);
  });

  test('is closed when the last client has left', async () => {
    const { log, join } = world();
    const gone: string[] = [];
    const [one, other] = ['one', 'other'].map((name) =>
      join({ ...NOW, onGone: () => gone.push(name) }),
    ) as [EventStream<Result>, EventStream<Result>];
    const waiting = other.next();
    await one.return();
    assert.deepEqual([log, gone], [[], ['one']]);
    await other.return();
    assert.equal((await waiting).done, true);
    assert.deepEqual(
      [log, gone],
      [
        ['left', 'closed'],
        ['one', 'other'],
      ],
    );
  });
});

describe('a shared subscription that another engine takes over', () => {
  const moved = ({ isReopened }: { isReopened: boolean }) => {
    const [before, next] = [world(), world()];
    const stream = before.join(NOW);
    const move = (): void => {
      const [shared] = before.streams.all();
      assert.ok(shared);
      before.streams.release(shared);
      next.streams.adopt(shared, next.source(), { isReopened });
    };
    return { before, next, stream, move };
  };

  test('keeps its source, and executes what comes next there', async () => {
    const { before, next, stream, move } = moved({ isReopened: false });
    before.sources[0]?.push(happening(1));
    await take(stream);
    move();
    before.sources[0]?.push(happening(2));
    assert.deepEqual(dataOf(await take(stream)), [2]);
    assert.deepEqual([before.log, next.log], [['executed'], ['executed']]);
    assert.deepEqual([before.streams.all().length, next.streams.all().length], [0, 1]);
    const late = next.join(NOW);
    before.sources[0]?.push(happening(3));
    assert.deepEqual(dataOf(await take(late)), [3]);
    await Promise.all([stream.return(), late.return()]);
    assert.deepEqual(next.log, ['executed', 'executed', 'closed']);
    assert.equal(next.streams.all().length, 0);
  });

  test('is opened again after what was told, be an event on its way or not', async () => {
    for (const turns of [0, 1, 2, 3, 4, 5]) {
      const { before, next, stream, move } = moved({ isReopened: true });
      before.sources[0]?.push(happening(1));
      await take(stream);
      before.sources[0]?.push(happening(2));
      before.sources[0]?.push(happening(3));
      for (let count = 0; count < turns; count += 1) await Promise.resolve();
      move();
      await turn();
      assert.ok(before.log.includes('left'));
      const told = Number(/\d+/.exec(next.positions[0] ?? '')?.[0]);
      for (const number of [2, 3, 4]) if (number > told) next.sources[0]?.push(happening(number));
      assert.deepEqual(dataOf(await take(stream, 3)), [2, 3, 4]);
      await stream.return();
    }
  });

  test('is left alone when it is over', async () => {
    const { before, next, stream, move } = moved({ isReopened: true });
    const [shared] = before.streams.all();
    await stream.return();
    assert.ok(shared);
    assert.throws(move);
    next.streams.adopt(shared, next.source(), { isReopened: true });
    assert.deepEqual([next.streams.all(), next.positions], [[], []]);
  });

  test('ends with a reason and the last position, after what waits for a slow client', async () => {
    const { before, stream } = moved({ isReopened: true });
    before.sources[0]?.push(happening(1));
    before.sources[0]?.push(happening(2));
    await turn();
    before.streams.all()[0]?.endWith([{ message: 'over' }]);
    const results = await take(stream, 4);
    assert.deepEqual(dataOf(results), [1, 2, undefined]);
    assert.deepEqual(results[2], {
      errors: [{ message: 'over' }],
      extensions: { cursor: '<e.2>' },
    });
    assert.deepEqual(before.streams.all(), []);
  });
});
