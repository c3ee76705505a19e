import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveEvent } from './live-event.ts';
import { watchRow } from './watch-row.ts';

/** A row that a test changes, and whoever listens to it. */
function rowOf(version = 1) {
  const world = { version, isGone: false, fails: false, loads: 0, listeners: 0 };
  let tell: (event: { version: number }) => void = () => undefined;
  return {
    world,
    change(event = world.version + 1) {
      world.version = event;
      tell({ version: event });
    },
    watch: (pauseMs = 0, from: string | null = null) =>
      watchRow({
        from,
        listen: (listener) => {
          tell = listener;
          world.listeners += 1;
          return () => (world.listeners -= 1);
        },
        load: async () => {
          world.loads += 1;
          if (world.fails) throw new Error('away');
          return world.isGone ? null : { version: world.version };
        },
        isFinal: (row) => row.version >= 10,
        pauseMs,
      }),
  };
}

function versionOf({ value }: IteratorResult<unknown>): number | undefined {
  return value instanceof LiveEvent ? value.value.version : undefined;
}

test('the present state comes first, then each change, and nothing after the final one', async () => {
  const row = rowOf();
  const watch = row.watch();
  assert.equal(versionOf(await watch.next()), 1);
  row.change();
  assert.equal(versionOf(await watch.next()), 2);
  row.change(10);
  assert.equal(versionOf(await watch.next()), 10);
  assert.equal((await watch.next()).done, true);
  assert.equal(row.world.listeners, 0);
});

test('a slow reader gets the latest state only, and an old event loads nothing', async () => {
  const row = rowOf();
  const watch = row.watch();
  await watch.next();
  for (const version of [2, 3, 4]) row.change(version);
  assert.equal(versionOf(await watch.next()), 4);
  const { loads } = row.world;
  row.change(3);
  const waiting = watch.next();
  row.change(5);
  assert.equal(versionOf(await waiting), 5);
  assert.equal(row.world.loads, loads + 1);
});

test('between two states there is a pause, after which the latest comes by itself', async () => {
  const row = rowOf();
  const watch = row.watch(200);
  const startedAt = performance.now();
  await watch.next();
  row.change(2);
  const waiting = watch.next();
  row.change(3);
  assert.equal(versionOf(await waiting), 3);
  assert.ok(performance.now() - startedAt >= 200);
});

test('a failing first load fails the watch, a later one is tried again, by itself or at the next event', async () => {
  const broken = rowOf();
  broken.world.fails = true;
  await assert.rejects(broken.watch().next(), /away/);
  assert.equal(broken.world.listeners, 0);
  const row = rowOf();
  const watch = row.watch();
  await watch.next();
  row.world.fails = true;
  const waiting = watch.next();
  row.change(2);
  row.world.fails = false;
  row.change(3);
  assert.equal(versionOf(await waiting), 3);
  row.world.fails = true;
  const alone = watch.next();
  const { loads } = row.world;
  row.change(4);
  while (row.world.loads === loads) await new Promise((resolve) => setTimeout(resolve, 5));
  row.world.fails = false;
  assert.equal(versionOf(await alone), 4);
  await watch.return?.();
});

test('a row that is gone ends the watch, and so does whoever leaves in the middle of a pause', async () => {
  const row = rowOf();
  const watch = row.watch();
  await watch.next();
  row.world.isGone = true;
  row.change();
  assert.equal((await watch.next()).done, true);
  const other = rowOf();
  const resting = other.watch(60_000);
  await resting.next();
  other.change();
  const waiting = resting.next();
  await resting.return?.();
  assert.equal((await waiting).done, true);
  assert.equal(other.world.listeners, 0);
});

test('whoever resumes gets what is newer than his position, then each change', async () => {
  const row = rowOf(5);
  const behind = row.watch(0, 'v.3');
  assert.equal(versionOf(await behind.next()), 5);
  await behind.return?.();
  const upToDate = row.watch(0, 'v.5');
  assert.deepEqual((await upToDate.next()).value?.note, { position: 'v.5', mode: 'state' });
  row.change();
  const { value } = await upToDate.next();
  assert.deepEqual(value?.note, { position: 'v.6', mode: 'state', settles: false });
  await upToDate.return?.();
});

test('whoever resumes after the final state gets the end, and a gap if the row is older', async () => {
  const row = rowOf(10);
  assert.equal((await row.watch(0, 'v.10').next()).done, true);
  const { value } = await row.watch(0, 'v.12').next();
  assert.deepEqual(value?.note, { position: 'v.10', mode: 'state', settles: true, gap: 'RESET' });
});
