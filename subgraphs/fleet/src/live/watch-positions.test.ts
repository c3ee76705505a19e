import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VehicleMoved } from './vehicle-moved.ts';
import { watchPositions } from './watch-positions.ts';

/** A store of positions that a reader listens to, and how often it was read. */
function yard(vehicleIds: readonly string[]) {
  const rows = new Map(vehicleIds.map((vehicleId) => [vehicleId, 1]));
  const listeners = new Set<(event: VehicleMoved) => void>();
  const moveOf = (vehicleId: string): VehicleMoved => ({
    organizationId: 'o',
    vehicleId,
    recordedAtMs: rows.get(vehicleId) ?? 0,
  });
  return {
    reads: 0,
    isBroken: false,
    listeners,
    moves(vehicleId: string) {
      rows.set(vehicleId, (rows.get(vehicleId) ?? 0) + 1);
      this.tell(vehicleId);
    },
    tell(vehicleId: string) {
      for (const listener of listeners) listener(moveOf(vehicleId));
    },
    watch({ intervalMs }: { intervalMs: number }) {
      return watchPositions({
        listen: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        load: async (ids) => {
          this.reads += 1;
          if (this.isBroken) throw new Error('broken');
          return [...rows.keys()].filter((id) => ids?.includes(id) ?? true).map(moveOf);
        },
        intervalMs,
      });
    },
  };
}

const ids = (count: number) => Array.from({ length: count }, (_, n) => `v${n}`);

test('a reader gets where everybody is, then who moved, each once in a frame', async () => {
  const fleet = yard(['a', 'b', 'c']);
  const frames = await fleet.watch({ intervalMs: 30 });
  assert.deepEqual((await frames.next()).value.vehicleIds, ['a', 'b', 'c']);
  for (const id of ['b', 'b', 'c', 'b']) fleet.moves(id);
  assert.deepEqual((await frames.next()).value.vehicleIds, ['b', 'c']);
  await frames.return?.();
});

test('frames are an interval apart, however often vehicles move', async () => {
  const fleet = yard(['a']);
  const frames = await fleet.watch({ intervalMs: 200 });
  await frames.next();
  const startedAt = performance.now();
  const moving = setInterval(() => fleet.moves('a'), 10);
  await frames.next();
  await frames.next();
  clearInterval(moving);
  // A timer may ring a little early.
  assert.ok(performance.now() - startedAt >= 350);
  await frames.return?.();
});

test('more vehicles than a frame holds come in the next ones', async () => {
  const fleet = yard(ids(450));
  const frames = await fleet.watch({ intervalMs: 1 });
  const seen = [await frames.next(), await frames.next(), await frames.next()];
  assert.deepEqual(
    seen.map(({ value }) => value.vehicleIds.length),
    [200, 200, 50],
  );
  await frames.return?.();
});

test('old news and vehicles of others make no frame, and cost one look an interval', async () => {
  const fleet = yard(['a']);
  const frames = await fleet.watch({ intervalMs: 50 });
  await frames.next();
  const { reads } = fleet;
  fleet.tell('a');
  for (const stranger of ids(100)) fleet.tell(stranger);
  const next = frames.next();
  await new Promise((resolve) => setTimeout(resolve, 80));
  fleet.moves('a');
  assert.deepEqual((await next).value.vehicleIds, ['a']);
  assert.ok(fleet.reads - reads <= 3, `${fleet.reads - reads} looks`);
  await frames.return?.();
});

test('a look that fails is repeated, and nobody who moved is forgotten', async () => {
  const fleet = yard(['a', 'b']);
  const frames = await fleet.watch({ intervalMs: 20 });
  await frames.next();
  fleet.isBroken = true;
  fleet.moves('a');
  const { reads } = fleet;
  const next = frames.next();
  while (fleet.reads === reads) await new Promise((resolve) => setTimeout(resolve, 5));
  fleet.isBroken = false;
  assert.deepEqual((await next).value.vehicleIds, ['a']);
  await frames.return?.();
});

test('a reader who does not read keeps no more than the newest of each vehicle', async () => {
  const fleet = yard(['a']);
  const frames = await fleet.watch({ intervalMs: 1 });
  await frames.next();
  for (const id of ids(6_000)) fleet.moves(id);
  let seen = 0;
  for (let n = 0; n < 25; n += 1) seen += (await frames.next()).value.vehicleIds.length;
  assert.equal(seen, 5_000);
  await frames.return?.();
});

test('a reader who leaves, or cannot start, listens no more', async () => {
  const fleet = yard(['a']);
  const frames = await fleet.watch({ intervalMs: 1_000 });
  await frames.next();
  fleet.moves('a');
  const waiting = frames.next();
  await frames.return?.();
  assert.equal((await waiting).done, true);
  fleet.isBroken = true;
  await assert.rejects(fleet.watch({ intervalMs: 1 }), /broken/);
  assert.equal(fleet.listeners.size, 0);
});
