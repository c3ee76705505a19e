import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { encodeId } from '@quantumroute/schema/ids';
import DataLoader from 'dataloader';

import { optimizePlan } from '../actions/plan-optimize.ts';
import { RUN_DEFAULTS } from '../actions/run-input.ts';
import type { OptimizationRun } from '../storage/entities/optimization-run.ts';
import { claimRun } from '../storage/stores/run-leases.ts';
import { createOrders, endOfRun, optimizeInput, orderInput, PLAN_PUBLISH } from '../testing/day.ts';
import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld } from '../testing/route-world.ts';
import type { RouteWorld } from '../testing/route-world.ts';
import {
  addShift,
  askForRun,
  busyOrganization,
  CANCEL_RUN,
  cancelAll,
  holdQueue,
  insertQueued,
  insertRunning,
  startRun,
  untilRunning,
} from '../testing/runs.ts';

let world: RouteWorld;

before(async () => {
  world = await openRouteWorld({ leaseMs: 2_000 });
});
after(() => world.close());

test('a run that waits is cancelled before it starts, one that runs in the middle of it', async () => {
  const [first, second] = [
    await busyOrganization(world, 'First'),
    await busyOrganization(world, 'Second'),
  ];
  const running = await startRun(world, first);
  const waiting = await startRun(world, second);
  for (const [organization, run] of [
    [second, waiting],
    [first, running],
  ] as const) {
    const { payload } = await world.ask(dispatcher(organization), CANCEL_RUN, { id: run['id'] });
    assert.equal(payload.run.status, 'CANCELED');
    assert.deepEqual(payload.userErrors, []);
    const ended = await endOfRun(world, dispatcher(organization), run['id']);
    assert.equal(ended['proposal'], null);
    const again = await world.ask(dispatcher(organization), CANCEL_RUN, { id: run['id'] });
    assert.equal(again['payload'].userErrors[0].currentStatus, 'CANCELED');
  }
});

test('one live run per plan and two per organization, then the quota is exceeded', async () => {
  const acme = await addOrganization(world, { name: 'Quota' });
  await insertRunning(world, acme, { date: '2026-12-01', heldFor: '1 hour' });
  const sameDay = await askForRun(world, acme);
  assert.equal(sameDay['run'], null);
  assert.equal(sameDay['userErrors'][0].code, 'QUOTA_EXCEEDED');
  assert.equal(sameDay['userErrors'][0].retryAfterSeconds, 60);
  await insertRunning(world, acme, { date: '2026-12-02', heldFor: '1 hour' });
  await addShift(world, acme, '2026-12-03');
  const thirdDay = await askForRun(world, acme, { date: '2026-12-03' });
  assert.equal(thirdDay['userErrors'][0].code, 'QUOTA_EXCEEDED');
});

test('no more than so many runs wait for a thread', async () => {
  const busy = await addOrganization(world, { name: 'Busy' });
  await using hold = await holdQueue(world);
  for (let day = 10; day < 15; day++) await insertQueued(world, busy, `2026-11-${day}`);
  const refused = await askForRun(world, await addOrganization(world, { name: 'One more' }));
  assert.equal(refused['userErrors'][0].code, 'QUOTA_EXCEEDED');
  await hold.release();
  await cancelAll(world, busy);
});

test('whoever has the fewest runs on threads comes next, then whoever has waited longest', async () => {
  await using hold = await holdQueue(world);
  const [greedy, modest] = [
    await addOrganization(world, { name: 'Greedy' }),
    await addOrganization(world, { name: 'Modest' }),
  ];
  await insertRunning(world, greedy, { date: '2026-12-02', heldFor: '1 hour' });
  const early = await insertQueued(world, greedy, '2026-12-03');
  const late = await insertQueued(world, modest, '2026-12-03');
  const last = await insertQueued(world, modest, '2026-12-04');
  const em = world.context(dispatcher(greedy)).em;
  const claimed = [];
  for (let turn = 0; turn < 3; turn++)
    claimed.push((await claimRun(em, { leaseMs: 60_000, held: [] }))?.id);
  assert.deepEqual(claimed, [late, early, last]);
  await hold.release();
  for (const organization of [greedy, modest]) await cancelAll(world, organization);
});

test('a plan that changes while its run waits is planned as it is by then', async () => {
  const acme = await addOrganization(world, { name: 'Changed' });
  await createOrders(world, dispatcher(acme), [orderInput()]);
  await using hold = await holdQueue(world);
  const id = encodeId('run', await insertQueued(world, acme, DAY));
  await world.sql('update route.plans set version = version + 1 where organization_id = $1', [
    acme.organizationId,
  ]);
  await hold.release();
  const { plan } = await endOfRun(world, dispatcher(acme), id);
  const publication = { planId: plan.id, version: plan.version, runId: id };
  const { planPublish } = await world.ask(dispatcher(acme), PLAN_PUBLISH, publication);
  assert.deepEqual(planPublish.userErrors, []);
});

test('a run that is cancelled in the database stops in the process that computes it', async () => {
  const acme = await busyOrganization(world, 'Elsewhere');
  const run = await startRun(world, acme, { timeLimitSeconds: 100 });
  await untilRunning(world, acme, run['id']);
  await world.sql(
    `update route.optimization_runs set status = 'CANCELED', finished_at = now()
     where organization_id = $1`,
    [acme.organizationId],
  );
  const next = await busyOrganization(world, 'Next');
  const waiting = await startRun(world, next);
  // With one thread the next run starts only after the cancelled one has been let go.
  const { startedAt } = await endOfRun(world, dispatcher(next), waiting['id']);
  assert.ok(startedAt);
  const ended = await endOfRun(world, dispatcher(acme), run['id']);
  assert.equal(ended['status'], 'CANCELED');
});

test('a run is computed also when the answer to its request gets lost', async () => {
  const acme = await addOrganization(world, { name: 'Lost answer' });
  await createOrders(world, dispatcher(acme), [orderInput()]);
  const context = world.context(dispatcher(acme));
  context.forgetLoaded = () => {
    const runs = new DataLoader<string, OptimizationRun | null>(async () => {
      throw new Error('The client has left');
    });
    context.loaders = { ...context.loaders, runs };
  };
  const { idempotencyKey, depotId, date } = optimizeInput(acme);
  const input = { ...RUN_DEFAULTS, idempotencyKey, depotId, date, timeLimitSeconds: 1 };
  await assert.rejects(optimizePlan(context, input), /has left/);
  const again = await askForRun(world, acme, input);
  const ended = await endOfRun(world, dispatcher(acme), again['run'].id);
  assert.equal(ended['status'], 'SUCCEEDED');
});
