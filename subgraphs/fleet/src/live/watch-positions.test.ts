import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveEvent } from '@quantumroute/ops/live-event';
import type { LiveSource } from '@quantumroute/ops/live-event';
import type { Position } from '../storage/stores/positions.ts';
import { watchPositions } from './watch-positions.ts';
import type { PositionsFrame } from './watch-positions.ts';

/** A store of positions whose transactions are counted, that a reader listens to. */
function yard(vehicleIds: readonly string[]) {
  const rows = new Map(vehicleIds.map((vehicleId) => [vehicleId, 1]));
  const listeners = new Set<() => void>();
  const endOf = (snapshot: string) => Number(snapshot.split(':')[1]);
  let ended = 1;
  return {
    looks: 0,
    isBroken: false,
    listeners,
    move(...ids: string[]) {
      ended += 1;
      for (const id of ids) rows.set(id, ended);
      this.tell();
    },
    tell() {
      for (const listener of listeners) listener();
    },
    watch({ intervalMs = 10, from = null }: { intervalMs?: number; from?: string | null } = {}) {
      return watchPositions({
        listen: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        present: async () => `${ended + 1}:${ended + 1}:`,
        load: async ({ position: { told, sweep }, now, limit }) => {
          this.looks += 1;
          if (this.isBroken) throw new Error('broken');
          return [...rows]
            .filter(
              ([id, moved]) =>
                moved >= endOf(told) && moved < endOf(now) && id > (sweep?.upTo ?? ''),
            )
            .map(([id]) => id)
            .toSorted()
            .slice(0, limit)
            .map((vehicleId) => ({ vehicleId }) as Position);
        },
        intervalMs,
        from,
      });
    },
  };
}

const ids = (count: number) =>
  Array.from({ length: count }, (_, n) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`);

async function next(frames: LiveSource<PositionsFrame>) {
  const { value } = await frames.next();
  const told: readonly Position[] | null =
    value instanceof LiveEvent ? (value.value as PositionsFrame).positions : null;
  const vehicleIds = told?.map(({ vehicleId }) => vehicleId) ?? null;
  return { vehicleIds, ...(value?.note as { position: string; gap?: string }) };
}

test('a reader gets where everybody is, then who moved, each once in a frame', async () => {
  const fleet = yard(['a', 'b', 'c']);
  const frames = fleet.watch();
  assert.deepEqual((await next(frames)).vehicleIds, ['a', 'b', 'c']);
  for (const id of ['b', 'b', 'c', 'b']) fleet.move(id);
  assert.deepEqual((await next(frames)).vehicleIds, ['b', 'c']);
  await frames.return?.();
});

test('who comes back gets who has moved since, and who missed nothing a sign', async () => {
  const fleet = yard(['a', 'b', 'c']);
  const first = fleet.watch();
  const { position } = await next(first);
  await first.return?.();
  const idle = fleet.watch({ from: position });
  assert.deepEqual(await next(idle), { vehicleIds: null, position, mode: 'changes' });
  fleet.move('b');
  assert.deepEqual((await next(idle)).vehicleIds, ['b']);
  fleet.move('c');
  const second = fleet.watch({ from: position });
  const { vehicleIds, gap } = await next(second);
  assert.deepEqual([vehicleIds, gap], [['b', 'c'], undefined]);
  for (const frames of [idle, second]) await frames.return?.();
});

test('a position of another database, or of nothing, is a gap, and everybody is told', async () => {
  const fleet = yard(['a', 'b']);
  for (const from of ['9000:9000:', 'nonsense', '3:4:5;drop']) {
    const frames = fleet.watch({ from });
    const { vehicleIds, gap } = await next(frames);
    assert.deepEqual([vehicleIds, gap], [['a', 'b'], 'RESET']);
    await frames.return?.();
  }
});

test('frames are an interval apart, however often vehicles move', async () => {
  const fleet = yard(['a']);
  const frames = fleet.watch({ intervalMs: 200 });
  await frames.next();
  const startedAt = performance.now();
  const moving = setInterval(() => fleet.move('a'), 10);
  await frames.next();
  await frames.next();
  clearInterval(moving);
  // A timer may ring a little early.
  assert.ok(performance.now() - startedAt >= 350);
  await frames.return?.();
});

test('more vehicles than a frame holds come in the next ones, also after a break', async () => {
  const all = ids(450);
  const fleet = yard(all);
  const first = fleet.watch({ intervalMs: 1 });
  const one = await next(first);
  await first.return?.();
  const second = fleet.watch({ intervalMs: 1, from: one.position });
  const two = await next(second);
  // Moved while the rest was waiting, one of those that were told and one of those that were not.
  fleet.move(all[0] ?? '', all[449] ?? '');
  const three = await next(second);
  await second.return?.();
  assert.deepEqual(
    [one, two, three].flatMap(({ vehicleIds }) => vehicleIds),
    all,
  );
  const third = fleet.watch({ intervalMs: 1, from: three.position });
  assert.deepEqual((await next(third)).vehicleIds, [all[0], all[449]]);
  await third.return?.();
});

test('readers who follow the same come to the same positions, whenever they began', async () => {
  const fleet = yard(['a', 'b']);
  const early = fleet.watch();
  await next(early);
  fleet.move('a');
  await next(early);
  const late = fleet.watch();
  await next(late);
  fleet.move('b');
  assert.deepEqual(await next(late), await next(early));
  for (const frames of [early, late]) await frames.return?.();
});

test('vehicles of others make no frame, and cost one look an interval', async () => {
  const fleet = yard(['a']);
  const frames = fleet.watch({ intervalMs: 50 });
  await frames.next();
  const { looks } = fleet;
  for (let n = 0; n < 100; n += 1) fleet.tell();
  const waiting = next(frames);
  await new Promise((resolve) => setTimeout(resolve, 80));
  fleet.move('a');
  assert.deepEqual((await waiting).vehicleIds, ['a']);
  assert.ok(fleet.looks - looks <= 4, `${fleet.looks - looks} looks`);
  await frames.return?.();
});

test('a look that fails is repeated by itself, and nobody who moved is forgotten', async () => {
  const fleet = yard(['a', 'b']);
  const frames = fleet.watch();
  await frames.next();
  fleet.isBroken = true;
  fleet.move('a');
  const { looks } = fleet;
  const waiting = next(frames);
  while (fleet.looks === looks) await new Promise((resolve) => setTimeout(resolve, 5));
  for (let n = 0; n < 100; n += 1) fleet.tell();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(fleet.looks, looks + 1, 'events do not hurry it');
  fleet.isBroken = false;
  assert.deepEqual((await waiting).vehicleIds, ['a']);
  await frames.return?.();
});

test('a reader who leaves, or cannot start, listens no more', async () => {
  const fleet = yard(['a']);
  const frames = fleet.watch({ intervalMs: 1_000 });
  await frames.next();
  fleet.move('a');
  const waiting = frames.next();
  await frames.return?.();
  assert.equal((await waiting).done, true);
  fleet.isBroken = true;
  await assert.rejects(fleet.watch().next(), /broken/);
  assert.equal(fleet.listeners.size, 0);
});
