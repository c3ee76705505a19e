import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { encodeId, newId } from '@quantumroute/schema/ids';

import { endOfRun } from '../testing/day.ts';
import { addOrganization } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld } from '../testing/route-world.ts';
import type { RouteWorld } from '../testing/route-world.ts';
import {
  busyOrganization,
  CANCEL_RUN,
  holdQueue,
  insertQueued,
  startRun,
  untilRunning,
} from '../testing/runs.ts';

let world: RouteWorld;

before(async () => {
  world = await openRouteWorld({ leaseMs: 2_000 });
});
after(() => world.close());

const FINISH = `mutation ($id: ID!) { payload: optimizationRunFinish(id: $id) {
  run { id status } userErrors { code ... on IllegalTransitionError { currentStatus } } } }`;

test('a run is ended early with the best plan so far, wherever it is computed', async () => {
  const acme = await busyOrganization(world, 'Impatient');
  const run = await startRun(world, acme, { timeLimitSeconds: 60 });
  await untilRunning(world, acme, run['id']);
  const finish = async () =>
    (await world.ask(dispatcher(acme), FINISH, { id: run['id'] }))['payload'];
  const asked = performance.now();
  assert.deepEqual((await finish()).userErrors, []);
  assert.deepEqual((await finish()).userErrors, []);
  const ended = await endOfRun(world, dispatcher(acme), run['id']);
  assert.ok(performance.now() - asked < 10_000);
  assert.equal(ended['status'], 'SUCCEEDED', ended['failure']);
  assert.ok(ended['progress'].assigned > 0);
  assert.equal((await finish()).run.status, 'SUCCEEDED');
});

test('the wish to end a run early is heard by another process, too', async () => {
  const acme = await busyOrganization(world, 'Impatient elsewhere');
  const run = await startRun(world, acme, { timeLimitSeconds: 60 });
  await untilRunning(world, acme, run['id']);
  await world.sql(
    `update route.optimization_runs set finish_requested = true where organization_id = $1`,
    [acme.organizationId],
  );
  const ended = await endOfRun(world, dispatcher(acme), run['id']);
  assert.equal(ended['status'], 'SUCCEEDED', ended['failure']);
  assert.ok(ended['progress'].elapsedSeconds < 30);
});

test('a run that has not started, or has ended without a plan, cannot be ended early', async () => {
  const acme = await addOrganization(world, { name: 'Too early' });
  await using hold = await holdQueue(world);
  const waiting = encodeId('run', await insertQueued(world, acme, '2026-12-01'));
  const early = await world.ask(dispatcher(acme), FINISH, { id: waiting });
  assert.equal(early['payload'].userErrors[0].currentStatus, 'QUEUED');
  await world.ask(dispatcher(acme), CANCEL_RUN, { id: waiting });
  const late = await world.ask(dispatcher(acme), FINISH, { id: waiting });
  assert.equal(late['payload'].userErrors[0].currentStatus, 'CANCELED');
  await hold.release();
  const nothing = await world.ask(dispatcher(acme), FINISH, { id: encodeId('run', newId()) });
  assert.equal(nothing['payload'].userErrors[0].code, 'NOT_FOUND');
});
