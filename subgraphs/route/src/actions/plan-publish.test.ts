import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import {
  createOrders,
  endOfRun,
  optimize,
  optimizeInput,
  orderInput,
  PLAN_OPTIMIZE,
  PLAN_PUBLISH,
  publish,
  ROUTES_DISPATCH,
} from '../testing/day.ts';
import { addOrganization } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

let world: RouteWorld;

before(async () => {
  world = await openRouteWorld();
});
after(() => world.close());

test('the same data and seed give the same proposal, and another run is quick to ask for', async () => {
  const acme = await addOrganization(world, { name: 'Same seed' });
  const orders = Array.from({ length: 12 }, (_, index) => orderInput(index));
  await createOrders(world, dispatcher(acme), orders);
  const first = await optimize(world, acme);
  const second = await optimize(world, acme);
  assert.deepEqual(second['proposal'], first['proposal']);
  assert.equal(first['progress'].assigned, 12);
  assert.equal(first['proposal'].unassignedCount, 0);
  assert.ok(first['finishedAt'] >= first['startedAt']);
});

test('what nobody can carry is left out with the reason', async () => {
  const acme = await addOrganization(world, { name: 'Too heavy', vans: 1 });
  const parcels = [{ reference: 'anvil', weightKg: 5_000 }];
  await createOrders(world, dispatcher(acme), [orderInput(0), orderInput(1, { parcels })]);
  const plan = await publish(world, acme);
  assert.equal(plan['routes'].nodes[0].stops.nodes.length, 1);
  const { nodes, count } = plan['unassigned'];
  assert.deepEqual(count, { value: 1, precision: 'EXACT' });
  assert.equal(nodes[0].unassignedReasons[0].code, 'CAPACITY');
});

test('a new plan replaces the routes that are not dispatched and keeps the others', async () => {
  const acme = await addOrganization(world, { name: 'Replan', vans: 2 });
  // More weight than one van takes, so that both are used.
  const parcels = [{ reference: 'half a van', weightKg: 450 }];
  const orders = [0, 1, 2, 3].map((index) => orderInput(index, { parcels }));
  await createOrders(world, dispatcher(acme), orders);
  const before = await publish(world, acme);
  const [sent, replaced] = before['routes'].nodes;
  await world.ask(dispatcher(acme), ROUTES_DISPATCH, { ids: [sent.id], key: randomUUID() });
  await createOrders(world, dispatcher(acme), [orderInput(9)]);
  const after = await publish(world, acme);
  const ids = after['routes'].nodes.map(({ id }: Answer) => id);
  assert.equal(ids.length, 2);
  assert.ok(ids.includes(sent.id));
  assert.ok(!ids.includes(replaced.id));
  const [fresh] = after['routes'].nodes.filter(({ id }: Answer) => id !== sent.id);
  assert.equal(fresh.vehicle.id, replaced.vehicle.id);
  assert.equal(fresh.stops.nodes.length, 3);
});

test('a plan that has moved on since it was read, or since the run, is not overwritten', async () => {
  const acme = await addOrganization(world, { name: 'Moved on' });
  await createOrders(world, dispatcher(acme), [orderInput()]);
  const run = await optimize(world, acme);
  const attempt = async (version: number) => {
    const variables = { planId: run['plan'].id, version, runId: run['id'] };
    return (await world.ask(dispatcher(acme), PLAN_PUBLISH, variables))['planPublish'];
  };
  const stale = await attempt(7);
  assert.equal(stale.userErrors[0].code, 'VERSION_CONFLICT');
  assert.deepEqual(stale.userErrors[0].path, ['expectedVersion']);
  assert.equal(stale.userErrors[0].currentVersion, 1);
  assert.equal((await attempt(1)).plan.version, 2);
  const outdated = await attempt(2);
  assert.equal(outdated.plan, null);
  assert.equal(outdated.userErrors[0].code, 'VERSION_CONFLICT');
  assert.deepEqual(outdated.userErrors[0].path, ['runId']);
});

test('routes are dispatched all or none', async () => {
  const acme = await addOrganization(world, { name: 'All or none' });
  const other = await addOrganization(world, { name: 'Other' });
  await createOrders(world, dispatcher(acme), [orderInput()]);
  await createOrders(world, dispatcher(other), [orderInput()]);
  const [own] = (await publish(world, acme))['routes'].nodes;
  const [foreign] = (await publish(world, other))['routes'].nodes;
  const dispatch = async (variables: object) =>
    (await world.ask(dispatcher(acme), ROUTES_DISPATCH, variables))['routesDispatch'];
  const key = randomUUID();
  const refused = await dispatch({ ids: [own.id, foreign.id, 'nonsense'], key });
  assert.deepEqual(
    refused.userErrors.map(({ code, path }: Answer) => [code, ...path]),
    [
      ['NOT_FOUND', 'ids', '1'],
      ['NOT_FOUND', 'ids', '2'],
    ],
  );
  const [{ status }] = (await world.sql('select status from route.routes where vehicle_name = $1', [
    'Van 1',
  ])) as [Answer];
  assert.equal(status, 'PLANNED');
  // A refusal stores nothing: the key is still free.
  const done = await dispatch({ ids: [own.id], key });
  assert.equal(done.routes[0].status, 'DISPATCHED');
  assert.deepEqual(await dispatch({ ids: [own.id], key }), done);
  assert.equal(
    (await dispatch({ ids: [own.id, own.id], key })).userErrors[0].code,
    'IDEMPOTENCY_KEY_REUSED',
  );
  assert.deepEqual((await dispatch({ ids: [], key: 'none' })).userErrors[0].path, ['ids']);
});

test('a run is asked for within its limits, once per key', async () => {
  const acme = await addOrganization(world, { name: 'Limits' });
  const ask = async (input: object) =>
    (await world.ask(dispatcher(acme), PLAN_OPTIMIZE, { input }))['planOptimize'];
  for (const timeLimitSeconds of [0, 121]) {
    const { userErrors } = await ask(optimizeInput(acme, { timeLimitSeconds }));
    assert.deepEqual(userErrors[0].path, ['input', 'timeLimitSeconds']);
  }
  const nowhere = await ask(optimizeInput(acme, { depotId: 'nonsense' }));
  assert.equal(nowhere.userErrors[0].code, 'NOT_FOUND');
  assert.deepEqual(nowhere.userErrors[0].path, ['input', 'depotId']);
  const input = optimizeInput(acme);
  const first = await ask(input);
  assert.equal(first.run.status, 'QUEUED');
  assert.equal(first.run.plan.status, 'DRAFT');
  assert.equal((await ask(input)).run.id, first.run.id);
  assert.equal((await ask({ ...input, seed: 2 })).userErrors[0].code, 'IDEMPOTENCY_KEY_REUSED');
  const run = await endOfRun(world, dispatcher(acme), first.run.id);
  assert.equal(run['status'], 'SUCCEEDED');
});

test('publishing takes as many statements for many orders as for few', async () => {
  const statements = async (count: number) => {
    const acme = await addOrganization(world, { name: `Size ${count}` });
    await createOrders(
      world,
      dispatcher(acme),
      Array.from({ length: count }, (_, i) => orderInput(i)),
    );
    const run = await optimize(world, acme);
    const variables = { planId: run['plan'].id, version: 1, runId: run['id'] };
    const result = await world.run(dispatcher(acme), PLAN_PUBLISH, variables);
    assert.deepEqual(result.errors, []);
    return result.statements;
  };
  assert.equal(await statements(2), await statements(40));
});
