import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import type { World } from '../../test/world.ts';
import { createWorld } from '../../test/world.ts';
import { sql } from '../storage/sql.ts';
import { withReader } from './reader.ts';

let world: World;

before(async () => {
  world = await createWorld();
});

after(() => world?.drop());

/** Reads with a reader that is told to stop as soon as it is asked to. */
function read(work: Parameters<typeof withReader<unknown>>[1], stop: AbortController) {
  return withReader({ url: world.databaseUrl, signal: stop.signal, timeoutMs: 20_000 }, work);
}

test('a reader that is stopped within a statement ends at once with the reason', async () => {
  const stop = new AbortController();
  const reading = read(({ query }) => query(sql`select pg_sleep(10)`), stop);
  setTimeout(() => stop.abort(new Error('enough')), 500);
  const startedAt = performance.now();
  await assert.rejects(reading, /enough/);
  assert.ok(performance.now() - startedAt < 5_000);
});

test('a reader that is stopped between two statements begins no other', async () => {
  const stop = new AbortController();
  const startedAt = performance.now();
  await assert.rejects(
    read(async ({ query }) => {
      await query(sql`select 1`);
      stop.abort(new Error('enough'));
      // The server is told to cancel and finds nothing to cancel.
      await sleep(500);
      return query(sql`select pg_sleep(10)`);
    }, stop),
    /enough/,
  );
  assert.ok(performance.now() - startedAt < 5_000);
});

test('a reader that is stopped while it connects reads nothing', async () => {
  const stop = new AbortController();
  let read_ = false;
  const reading = read(() => Promise.resolve((read_ = true)), stop);
  stop.abort(new Error('enough'));
  await assert.rejects(reading, /enough/);
  assert.equal(read_, false);
});
