import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { encodeId, newId } from '@quantumroute/schema/ids';
import DataLoader from 'dataloader';

import { optimizePlan } from '../actions/plan-optimize.ts';
import { RUN_DEFAULTS } from '../actions/run-input.ts';
import { DEFAULT_ALGORITHM } from '../planning/planner.ts';
import type { OptimizationRun } from '../storage/entities/optimization-run.ts';
import { claimRun, failRun } from '../storage/stores/run-leases.ts';
import {
  createOrders,
  endOfRun,
  optimizeInput,
  orderInput,
  PLAN_OPTIMIZE,
} from '../testing/day.ts';
import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

let world: RouteWorld;

before(async () => {
  world = await openRouteWorld({ leaseMs: 2_000 });
});
after(() => world.close());

const CANCEL = `mutation ($id: ID!) { payload: optimizationRunCancel(id: $id) {
  run { id status } userErrors { code path ... on IllegalTransitionError { currentStatus } } } }`;

test('a run that waits is cancelled before it starts, one that runs in the middle of it', async () => {
  const [first, second] = [await busyOrganization('First'), await busyOrganization('Second')];
  const running = await start(first);
  const waiting = await start(second);
  for (const [organization, run] of [
    [second, waiting],
    [first, running],
  ] as const) {
    const { payload } = await world.ask(dispatcher(organization), CANCEL, { id: run['id'] });
    assert.equal(payload.run.status, 'CANCELED');
    assert.deepEqual(payload.userErrors, []);
    const ended = await endOfRun(world, dispatcher(organization), run['id']);
    assert.equal(ended['proposal'], null);
    const again = await world.ask(dispatcher(organization), CANCEL, { id: run['id'] });
    assert.equal(again['payload'].userErrors[0].currentStatus, 'CANCELED');
  }
});

test('one live run per plan and two per organization, then the quota is exceeded', async () => {
  const acme = await addOrganization(world, { name: 'Quota' });
  await insertRunning(acme, { date: '2026-12-01', heldFor: '1 hour' });
  const sameDay = await ask(acme);
  assert.equal(sameDay['run'], null);
  assert.equal(sameDay['userErrors'][0].code, 'QUOTA_EXCEEDED');
  assert.equal(sameDay['userErrors'][0].retryAfterSeconds, 60);
  await insertRunning(acme, { date: '2026-12-02', heldFor: '1 hour' });
  await addShift(acme, '2026-12-03');
  const thirdDay = await ask(acme, { date: '2026-12-03' });
  assert.equal(thirdDay['userErrors'][0].code, 'QUOTA_EXCEEDED');
});

test('no more than so many runs wait for a thread', async () => {
  const busy = await addOrganization(world, { name: 'Busy' });
  await using hold = await holdQueue();
  for (let day = 10; day < 15; day++) await insertQueued(busy, `2026-11-${day}`);
  const refused = await ask(await addOrganization(world, { name: 'One more' }));
  assert.equal(refused['userErrors'][0].code, 'QUOTA_EXCEEDED');
  await hold.release();
  await cancelAll(busy);
});

test('a run whose process is gone is taken over and computed to its end', async () => {
  const acme = await addOrganization(world, { name: 'Orphan' });
  await createOrders(world, dispatcher(acme), [orderInput()]);
  const id = await insertRunning(acme, { heldFor: '-1 second' });
  const run = await endOfRun(world, dispatcher(acme), encodeId('run', id));
  assert.equal(run['status'], 'SUCCEEDED', run['failure']);
  assert.equal(run['progress'].assigned, 1);
  const [row] = await world.sql('select attempt from route.optimization_runs where id = $1', [id]);
  assert.equal(row?.['attempt'], 2);
});

test('a run that three processes went away over is failed with a clear text', async () => {
  const acme = await addOrganization(world, { name: 'Deadly' });
  const id = await insertRunning(acme, { heldFor: '-1 second', attempt: 3 });
  const run = await endOfRun(world, dispatcher(acme), encodeId('run', id));
  assert.equal(run['status'], 'FAILED');
  assert.match(run['failure'], /went away, 3 times in a row/);
});

test('an attempt that was taken for dead writes nothing any more', async () => {
  const acme = await addOrganization(world, { name: 'Late' });
  const id = await insertRunning(acme, { heldFor: '1 hour', attempt: 2 });
  const em = world.context(dispatcher(acme)).em;
  assert.equal(await failRun(em, { id, attempt: 1 }, 'too late'), null);
  assert.equal((await failRun(em, { id, attempt: 2 }, 'in time'))?.status, 'FAILED');
});

test('whoever has the fewest runs on threads comes next, then whoever has waited longest', async () => {
  await using hold = await holdQueue();
  const [greedy, modest] = [
    await addOrganization(world, { name: 'Greedy' }),
    await addOrganization(world, { name: 'Modest' }),
  ];
  await insertRunning(greedy, { date: '2026-12-02', heldFor: '1 hour' });
  const early = await insertQueued(greedy, '2026-12-03');
  const late = await insertQueued(modest, '2026-12-03');
  const last = await insertQueued(modest, '2026-12-04');
  const em = world.context(dispatcher(greedy)).em;
  const claimed = [];
  for (let turn = 0; turn < 3; turn++) claimed.push((await claimRun(em, 60_000))?.id);
  assert.deepEqual(claimed, [late, early, last]);
  await hold.release();
  for (const organization of [greedy, modest]) await cancelAll(organization);
});

test('a run that is cancelled in the database stops in the process that computes it', async () => {
  const acme = await busyOrganization('Elsewhere');
  const run = await start(acme);
  await world.sql(
    `update route.optimization_runs set status = 'CANCELED', finished_at = now()
     where organization_id = $1`,
    [acme.organizationId],
  );
  const next = await busyOrganization('Next');
  const waiting = await start(next);
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
  const again = await ask(acme, input);
  const ended = await endOfRun(world, dispatcher(acme), again['run'].id);
  assert.equal(ended['status'], 'SUCCEEDED');
});

test('a process that stops gives the run it holds back, and another one computes it', async () => {
  const acme = await busyOrganization('Stopping');
  const blocker = await busyOrganization('Blocker');
  // The thread of the world's own process is taken, so that the second process gets the next run.
  const blocking = await start(blocker);
  await untilRunning(blocker, blocking['id']);
  const other = await world.openRuns();
  const run = await start(acme);
  await untilRunning(acme, run['id']);
  await other.close();
  const [row] = await world.sql(
    `select status, attempt, leased_until from route.optimization_runs where organization_id = $1`,
    [acme.organizationId],
  );
  assert.deepEqual(row, { status: 'RUNNING', attempt: 0, leased_until: null });
  await world.ask(dispatcher(blocker), CANCEL, { id: blocking['id'] });
  const ended = await endOfRun(world, dispatcher(acme), run['id']);
  assert.equal(ended['status'], 'SUCCEEDED', ended['failure']);
});

const FINISH = `mutation ($id: ID!) { payload: optimizationRunFinish(id: $id) {
  run { id status } userErrors { code ... on IllegalTransitionError { currentStatus } } } }`;

test('a run is ended early with the best plan so far, wherever it is computed', async () => {
  const acme = await busyOrganization('Impatient');
  const run = await start(acme, { timeLimitSeconds: 60 });
  await untilRunning(acme, run['id']);
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
  const acme = await busyOrganization('Impatient elsewhere');
  const run = await start(acme, { timeLimitSeconds: 60 });
  await untilRunning(acme, run['id']);
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
  await using hold = await holdQueue();
  const waiting = encodeId('run', await insertQueued(acme, '2026-12-01'));
  const early = await world.ask(dispatcher(acme), FINISH, { id: waiting });
  assert.equal(early['payload'].userErrors[0].currentStatus, 'QUEUED');
  await world.ask(dispatcher(acme), CANCEL, { id: waiting });
  const late = await world.ask(dispatcher(acme), FINISH, { id: waiting });
  assert.equal(late['payload'].userErrors[0].currentStatus, 'CANCELED');
  await hold.release();
  const nothing = await world.ask(dispatcher(acme), FINISH, { id: encodeId('run', newId()) });
  assert.equal(nothing['payload'].userErrors[0].code, 'NOT_FOUND');
});

/** So many orders that planning them takes a while. */
async function busyOrganization(name: string): Promise<Organization> {
  const organization = await addOrganization(world, { name, vans: 12 });
  for (let batch = 0; batch < 2; batch++) {
    const orders = Array.from({ length: 500 }, (_, index) => orderInput(index));
    await createOrders(world, dispatcher(organization), orders);
  }
  return organization;
}

async function ask(organization: Organization, changes: object = {}): Promise<Answer> {
  const input = optimizeInput(organization, changes);
  const { planOptimize } = await world.ask(dispatcher(organization), PLAN_OPTIMIZE, { input });
  return planOptimize;
}

async function start(
  organization: Organization,
  changes: object = { timeLimitSeconds: 5 },
): Promise<Answer> {
  const { run, userErrors } = await ask(organization, changes);
  assert.deepEqual(userErrors, []);
  return run;
}

async function untilRunning(organization: Organization, id: string): Promise<void> {
  const query = 'query ($id: ID!) { optimizationRun(id: $id) { status progress { assigned } } }';
  for (let attempt = 0; attempt < 200; attempt++) {
    const { optimizationRun } = await world.ask(dispatcher(organization), query, { id });
    if (optimizationRun.status === 'RUNNING' && optimizationRun.progress.assigned > 0) return;
    await sleep(25);
  }
  throw new Error(`Run ${id} did not start`);
}

async function insertPlan({ organizationId, depotId }: Organization, date: string) {
  const planId = newId();
  await world.sql(
    `insert into route.plans (id, organization_id, depot_id, service_date) values ($1, $2, $3, $4)`,
    [planId, organizationId, depotId, date],
  );
  return planId;
}

const INSERT_RUN = `insert into route.optimization_runs (id, organization_id, plan_id, plan_version,
  algorithm, seed, time_limit_seconds, requested_by, status, attempt, started_at, leased_until)
  values ($1, $2, $3, 1, $4, 1, 60, 'test', $5, $6, case when $5 = 'RUNNING' then now() end,
    now() + $7::interval)`;

/** A run in the hands of a process of which nothing is heard. */
async function insertRunning(
  organization: Organization,
  { date = DAY, heldFor, attempt = 1 }: { date?: string; heldFor: string; attempt?: number },
): Promise<string> {
  const [id, planId] = [newId(), await insertPlan(organization, date)];
  const run = [id, organization.organizationId, planId, DEFAULT_ALGORITHM];
  await world.sql(INSERT_RUN, [...run, 'RUNNING', attempt, heldFor]);
  return id;
}

async function insertQueued(organization: Organization, date: string): Promise<string> {
  const [id, planId] = [newId(), await insertPlan(organization, date)];
  const run = [id, organization.organizationId, planId, DEFAULT_ALGORITHM];
  await world.sql(INSERT_RUN, [...run, 'QUEUED', 0, null]);
  return id;
}

async function addShift({ organizationId, depotId, crews }: Organization, date: string) {
  const { driverId, vehicleId } = crews[0]!;
  await world.sql(`insert into fleet_published.shifts values ($1, $2, $3, $4, $5, $6, $7)`, [
    newId(),
    organizationId,
    depotId,
    driverId,
    vehicleId,
    `${date}T07:00:00Z`,
    `${date}T16:00:00Z`,
  ]);
}

async function cancelAll({ organizationId }: Organization): Promise<void> {
  await world.sql(
    `update route.optimization_runs set status = 'CANCELED', finished_at = now()
     where organization_id = $1 and status in ('QUEUED', 'RUNNING')`,
    [organizationId],
  );
}

/** Takes the only thread of the process, so that nothing else is taken while the test looks. */
async function holdQueue(): Promise<AsyncDisposable & { release(): Promise<void> }> {
  const holder = await busyOrganization('Holder');
  const run = await start(holder, { timeLimitSeconds: 100 });
  await untilRunning(holder, run['id']);
  const release = async () => void (await world.ask(dispatcher(holder), CANCEL, { id: run['id'] }));
  return { release, [Symbol.asyncDispose]: release };
}
