import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { encodeId, newId } from '@quantumroute/schema/ids';
import DataLoader from 'dataloader';

import { optimizePlan } from '../actions/plan-optimize.ts';
import type { OptimizationRun } from '../storage/entities/optimization-run.ts';
import {
  createOrders,
  endOfRun,
  optimizeInput,
  orderInput,
  PLAN_OPTIMIZE,
} from '../testing/day.ts';
import { addOrganization } from '../testing/fleet-stand-in.ts';
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
  const insert = (day: string) =>
    world.sql(
      `with plan as (
         insert into route.plans (id, organization_id, depot_id, service_date)
         values ($1, $2, $3, $4) returning id
       )
       insert into route.optimization_runs (
         id, organization_id, plan_id, plan_version, algorithm, seed, time_limit_seconds,
         requested_by, heartbeat_at)
       select $5, $2, id, 1, 'none', 1, 60, 'test', now() + interval '1 hour' from plan`,
      [newId(), acme.organizationId, acme.depotId, day, newId()],
    );
  await insert('2026-12-01');
  const sameDay = await ask(acme);
  assert.equal(sameDay['run'], null);
  assert.equal(sameDay['userErrors'][0].code, 'QUOTA_EXCEEDED');
  assert.equal(sameDay['userErrors'][0].retryAfterSeconds, 60);
  await insert('2026-12-02');
  const thirdDay = await ask(acme, { date: '2026-12-03' });
  assert.equal(thirdDay['userErrors'][0].code, 'QUOTA_EXCEEDED');
});

test('a run whose process is gone is failed by whoever notices', async () => {
  const acme = await addOrganization(world, { name: 'Orphan' });
  const [planId, runId] = [newId(), newId()];
  await world.sql(
    `insert into route.plans (id, organization_id, depot_id, service_date)
     values ($1, $2, $3, '2026-12-01')`,
    [planId, acme.organizationId, acme.depotId],
  );
  await world.sql(
    `insert into route.optimization_runs (id, organization_id, plan_id, plan_version, status,
       algorithm, seed, time_limit_seconds, requested_by, started_at)
     values ($1, $2, $3, 1, 'RUNNING', 'none', 1, 60, 'test', now())`,
    [runId, acme.organizationId, planId],
  );
  const run = await endOfRun(world, dispatcher(acme), encodeId('run', runId));
  assert.equal(run['status'], 'FAILED');
  assert.match(run['failure'], /gone away/);
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
  const input = { idempotencyKey, depotId, date, seed: 1, timeLimitSeconds: 1 };
  await assert.rejects(optimizePlan(context, input), /has left/);
  const again = await ask(acme, input);
  const ended = await endOfRun(world, dispatcher(acme), again['run'].id);
  assert.equal(ended['status'], 'SUCCEEDED');
});

test('a process that stops fails the runs it holds', async () => {
  const acme = await busyOrganization('Stopping');
  const queue = await world.openQueue();
  await world.sql(
    `insert into route.plans (id, organization_id, depot_id, service_date)
     values ($1, $2, $3, '2026-12-01')`,
    [newId(), acme.organizationId, acme.depotId],
  );
  const runId = newId();
  await world.sql(
    `insert into route.optimization_runs (id, organization_id, plan_id, plan_version, algorithm,
       seed, time_limit_seconds, requested_by)
     select $1, $2, id, 1, 'cheapest-insertion', 1, 60, 'test' from route.plans
     where organization_id = $2`,
    [runId, acme.organizationId],
  );
  queue.enqueue(runId);
  await sleep(100);
  await queue.close();
  assert.equal(queue.hasRoom(), false);
  const run = await endOfRun(world, dispatcher(acme), encodeId('run', runId));
  assert.equal(run['status'], 'FAILED');
  assert.match(run['failure'], /stopped/);
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

async function start(organization: Organization): Promise<Answer> {
  const { run, userErrors } = await ask(organization, { timeLimitSeconds: 5 });
  assert.deepEqual(userErrors, []);
  return run;
}
