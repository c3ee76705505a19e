import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { setTimeout as sleep } from 'node:timers/promises';

import { encodeId } from '@quantumroute/schema/ids';

import { failRun } from '../storage/stores/run-leases.ts';
import { createOrders, endOfRun, orderInput } from '../testing/day.ts';
import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld } from '../testing/route-world.ts';
import type { RouteWorld } from '../testing/route-world.ts';
import {
  busyOrganization,
  CANCEL_RUN,
  holdQueue,
  insertQueued,
  insertRunning,
  startRun,
  untilRunning,
} from '../testing/runs.ts';
import { startServiceProcess } from '../testing/service-process.ts';

let world: RouteWorld;

before(async () => {
  world = await openRouteWorld({ leaseMs: 2_000 });
});
after(() => world.close());

test('a run whose process is gone is taken over and computed to its end', async () => {
  const acme = await addOrganization(world, { name: 'Orphan' });
  await createOrders(world, dispatcher(acme), [orderInput()]);
  const id = await insertRunning(world, acme, { heldFor: '-1 second' });
  const run = await endOfRun(world, dispatcher(acme), encodeId('run', id));
  assert.equal(run['status'], 'SUCCEEDED', run['failure']);
  assert.equal(run['progress'].assigned, 1);
  const [row] = await world.sql('select attempt from route.optimization_runs where id = $1', [id]);
  assert.equal(row?.['attempt'], 2);
});

test('a run that was cut off three times is failed with a clear text', async () => {
  const acme = await addOrganization(world, { name: 'Deadly' });
  const id = await insertRunning(world, acme, { heldFor: '-1 second', attempt: 3 });
  const run = await endOfRun(world, dispatcher(acme), encodeId('run', id));
  assert.equal(run['status'], 'FAILED');
  assert.match(run['failure'], /cut off 3 times in a row/);
});

test('an attempt that was taken for dead writes nothing any more', async () => {
  const acme = await addOrganization(world, { name: 'Late' });
  const id = await insertRunning(world, acme, { heldFor: '1 hour', attempt: 2 });
  const em = world.context(dispatcher(acme)).em;
  assert.equal(await failRun(em, { id, attempt: 1 }, 'too late'), null);
  assert.equal((await failRun(em, { id, attempt: 2 }, 'in time'))?.status, 'FAILED');
});

test('a run whose plan cannot be stored, because the database goes away, is computed again', async () => {
  const acme = await addOrganization(world, { name: 'Restart' });
  await createOrders(world, dispatcher(acme), [orderInput()]);
  await world.sql(`create function admin_shutdown() returns trigger language plpgsql as
    $$ begin raise exception 'terminating connection' using errcode = '57P01'; end $$`);
  await world.sql(`create trigger restart before update on route.optimization_runs for each row
    when (new.status = 'SUCCEEDED' and new.attempt = 1) execute function admin_shutdown()`);
  const id = await insertQueued(world, acme, DAY);
  const run = await endOfRun(world, dispatcher(acme), encodeId('run', id));
  assert.equal(run['status'], 'SUCCEEDED', run['failure']);
  await world.sql('drop function admin_shutdown cascade');
});

test('a process that stops gives the run it holds back, and another one computes it', async () => {
  const acme = await busyOrganization(world, 'Stopping');
  const blocker = await busyOrganization(world, 'Blocker');
  // The thread of the world's own process is taken, so that the second process gets the next run.
  const blocking = await startRun(world, blocker, { timeLimitSeconds: 100 });
  await untilRunning(world, blocker, blocking['id']);
  const other = await world.openRuns();
  const run = await startRun(world, acme);
  await untilRunning(world, acme, run['id']);
  const progress = await slowProgress();
  await other.close();
  assert.ok((await progress.underWay()) <= 1, 'only the blocker still writes');
  const [row] = await world.sql(
    `select status, attempt, leased_until from route.optimization_runs where organization_id = $1`,
    [acme.organizationId],
  );
  assert.deepEqual(row, { status: 'RUNNING', attempt: 0, leased_until: null });
  await world.ask(dispatcher(blocker), CANCEL_RUN, { id: blocking['id'] });
  const ended = await endOfRun(world, dispatcher(acme), run['id']);
  assert.equal(ended['status'], 'SUCCEEDED', ended['failure']);
});

/** From now on each run on a thread has always a write of progress under way. */
async function slowProgress() {
  await world.sql(`create function slow_progress() returns trigger language plpgsql as $$ begin
    if current_query() like '%set elapsed_seconds%' then perform pg_sleep(1); end if;
    return null; end $$`);
  await world.sql(`create trigger slow before update on route.optimization_runs
    for each statement execute function slow_progress()`);
  await sleep(1_000);
  return {
    underWay: async () => {
      const writes = await world.sql(`select pid from pg_stat_activity
        where state = 'active' and query like '%set elapsed_seconds%' and pid <> pg_backend_pid()
          and datname = current_database()`);
      await world.sql('drop function slow_progress cascade');
      return writes.length;
    },
  };
}

test('a run of a process that was killed goes on in another one', async () => {
  const acme = await busyOrganization(world, 'Killed');
  // The thread of the world's own process is taken, so that the killed one gets the run.
  await using hold = await holdQueue(world);
  const victim = await startServiceProcess(world, { ROUTE_RUN_LEASE_MS: '2000' });
  const id = await insertQueued(world, acme, DAY);
  const row = async () =>
    (await world.sql('select status, attempt from route.optimization_runs where id = $1', [id]))[0];
  while ((await row())?.['attempt'] === 0) await sleep(5);
  await victim.kill();
  assert.deepEqual(await row(), { status: 'RUNNING', attempt: 1 });
  await world.sql('update route.optimization_runs set finish_requested = true where id = $1', [id]);
  await hold.release();
  const ended = await endOfRun(world, dispatcher(acme), encodeId('run', id));
  assert.equal(ended['status'], 'SUCCEEDED', ended['failure']);
  assert.equal((await row())?.['attempt'], 2);
});
