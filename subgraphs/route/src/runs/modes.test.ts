import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import { encodeId } from '@quantumroute/schema/ids';

import {
  createOrders,
  endOfRun,
  optimizeInput,
  orderInput,
  PLAN_OPTIMIZE,
  PLAN_PUBLISH,
  publish,
  ROUTES_DISPATCH,
} from '../testing/day.ts';
import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

let world: RouteWorld;

before(async () => {
  world = await openRouteWorld();
});
after(() => world.close());

/** Two of these fill a van. */
const HEAVY = { parcels: [{ reference: 'half a van', weightKg: 450 }] };
const window = (from: string, to: string) => ({
  windows: [{ start: `2026-12-01T${from}:00:00Z`, end: `2026-12-01T${to}:00:00Z` }],
});

/** Three vans, of which two have a route with two orders each. */
async function publishedDay(name: string): Promise<{ acme: Organization; plan: Answer }> {
  const acme = await addOrganization(world, { name, vans: 3 });
  const orders = [0, 1, 2, 3].map((index) => orderInput(index, HEAVY));
  await createOrders(world, dispatcher(acme), orders);
  const plan = await publish(world, acme);
  assert.equal(plan['routes'].nodes.length, 2);
  return { acme, plan };
}

async function run(acme: Organization, changes: object): Promise<Answer> {
  const input = optimizeInput(acme, { iterationLimit: 1_000, ...changes });
  const { planOptimize } = await world.ask(dispatcher(acme), PLAN_OPTIMIZE, { input });
  assert.deepEqual(planOptimize.userErrors, []);
  const ended = await endOfRun(world, dispatcher(acme), planOptimize.run.id);
  assert.equal(ended['status'], 'SUCCEEDED', ended['failure']);
  return ended;
}

async function publishRun(acme: Organization, ended: Answer): Promise<Answer> {
  const variables = {
    planId: ended['plan'].id,
    version: ended['plan'].version,
    runId: ended['id'],
  };
  const { planPublish } = await world.ask(dispatcher(acme), PLAN_PUBLISH, variables);
  assert.deepEqual(planPublish.userErrors, []);
  return planPublish.plan;
}

/** The orders of each vehicle, in the order of their visits. */
function sequences(plan: Answer): Map<string, string[]> {
  return new Map(
    plan['routes'].nodes.map(({ vehicle, stops }: Answer) => [
      vehicle.id,
      stops.nodes.flatMap((stop: Answer) => stop['orders'].map(({ id }: Answer) => id)),
    ]),
  );
}

test('INSERT puts new orders between what is planned, and nothing that is planned moves', async () => {
  const { acme, plan } = await publishedDay('Insert');
  const [late] = await createOrders(world, dispatcher(acme), [orderInput(9)]);
  const ended = await run(acme, { mode: 'INSERT', stability: 1 });
  assert.equal(ended['mode'], 'INSERT');
  const { movedStops, resequencedStops, newlyAssigned, newlyUnassigned } = ended['diff'];
  assert.deepEqual([movedStops, resequencedStops, newlyAssigned, newlyUnassigned], [0, 0, 1, 0]);
  const after = sequences(await publishRun(acme, ended));
  for (const [vehicle, orders] of sequences(plan)) {
    const kept = after.get(vehicle)?.filter((id) => id !== late?.['id']);
    assert.deepEqual(kept, orders);
  }
});

test('RESEQUENCE leaves every order on its vehicle, and new ones out', async () => {
  const { acme, plan } = await publishedDay('Resequence');
  await createOrders(world, dispatcher(acme), [orderInput(9)]);
  const ended = await run(acme, { mode: 'RESEQUENCE' });
  assert.equal(ended['diff'].movedStops, 0);
  const published = await publishRun(acme, ended);
  const after = sequences(published);
  for (const [vehicle, orders] of sequences(plan)) {
    assert.deepEqual(after.get(vehicle)?.toSorted(), orders.toSorted());
  }
  assert.equal(published['unassigned'].nodes[0].unassignedReasons[0].code, 'LOCKED');
});

test('REPAIR without a vehicle that dropped out moves its orders and no others', async () => {
  const { acme, plan } = await publishedDay('Repair');
  const [broken, sound] = plan['routes'].nodes;
  await world.sql(
    `update fleet_published.vehicles set status = 'MAINTENANCE' where display_name = $1
       and organization_id = $2`,
    [broken.vehicle.displayName, acme.organizationId],
  );
  const ended = await run(acme, { mode: 'REPAIR', stability: 1 });
  assert.deepEqual([ended['diff'].movedStops, ended['diff'].newlyUnassigned], [2, 0]);
  const after = sequences(await publishRun(acme, ended));
  assert.deepEqual(after.get(sound.vehicle.id), sequences(plan).get(sound.vehicle.id));
  assert.equal(after.has(broken.vehicle.id), false);
});

test('a promised window is kept by INSERT where a plan made anew takes a cheaper one', async () => {
  const acme = await addOrganization(world, { name: 'Promises', vans: 1 });
  const [early, late] = [window('09', '10').windows[0]!, window('14', '15').windows[0]!];
  const [order] = await createOrders(world, dispatcher(acme), [
    orderInput(0, { windows: [early, late] }),
  ]);
  await publish(world, acme);
  await world.sql(
    `update route.orders set promised_start = $1, promised_end = $2 where organization_id = $3`,
    [late.start, late.end, acme.organizationId],
  );
  // Whoever comes in the morning could serve both on one way.
  await createOrders(world, dispatcher(acme), [orderInput(0, { windows: [early] })]);
  const anew = await run(acme, { mode: 'FULL' });
  assert.equal(anew['diff'].brokenPromises, 1);
  const ended = await run(acme, { mode: 'INSERT' });
  assert.equal(ended['diff'].brokenPromises, 0);
  const stops = (await publishRun(acme, ended))['routes'].nodes[0].stops.nodes;
  const kept = stops
    .flatMap((stop: Answer) => stop['orders'])
    .find(({ id }: Answer) => id === order?.['id']);
  assert.deepEqual(kept.promisedWindow, {
    start: '2026-12-01T14:00:00.000Z',
    end: '2026-12-01T15:00:00.000Z',
  });
});

test('a locked route stays, with its id, its times and its version, whatever else is planned', async () => {
  const { acme, plan } = await publishedDay('Locked');
  const [locked, other] = plan['routes'].nodes;
  await createOrders(world, dispatcher(acme), [orderInput(9)]);
  const ended = await run(acme, { lockedRouteIds: [locked.id] });
  const { movedStops, newlyAssigned } = ended['diff'];
  assert.deepEqual([movedStops, newlyAssigned], [0, 1]);
  const after = await publishRun(acme, ended);
  const kept = after['routes'].nodes.find(({ id }: Answer) => id === locked.id);
  assert.deepEqual(kept, locked);
  assert.equal(
    after['routes'].nodes.some(({ id }: Answer) => id === other.id),
    false,
  );
});

test('a dispatched route is no part of a run, in any mode', async () => {
  const { acme, plan } = await publishedDay('Dispatched');
  const [sent] = plan['routes'].nodes;
  await world.ask(dispatcher(acme), ROUTES_DISPATCH, { ids: [sent.id], key: randomUUID() });
  const ended = await run(acme, { mode: 'REPAIR', stability: 0 });
  assert.equal(ended['proposal'].routes.length, 1);
  assert.equal(ended['progress'].assigned, 2);
});

test('the objectives decide: with the number of vehicles dearer than anything, one does it all', async () => {
  const acme = await addOrganization(world, { name: 'Objectives', vans: 3 });
  const near = [0, 1, 2, 3, 4, 5].map((index) => orderInput(index));
  await createOrders(world, dispatcher(acme), near);
  const few = await run(acme, { objectives: [{ kind: 'VEHICLES', weight: 1000 }] });
  assert.equal(few['proposal'].routes.length, 1);
  assert.equal(Math.round(few['progress'].bestCost), 1000);
  const balanced = await run(acme, { objectives: [{ kind: 'WORKLOAD_BALANCE', weight: 1000 }] });
  assert.equal(balanced['proposal'].routes.length, 3);
});

test('a window that a plan misses, because lateness has a price, is not promised', async () => {
  const acme = await addOrganization(world, { name: 'Late', vans: 1 });
  // The shift starts at 07:00: nobody is there so early.
  const early = { start: '2026-12-01T04:00:00Z', end: '2026-12-01T05:00:00Z' };
  await createOrders(world, dispatcher(acme), [orderInput(0, { windows: [early] })]);
  const hard = await run(acme, {});
  assert.equal(hard['progress'].assigned, 0);
  const objectives = [
    { kind: 'COST', weight: 1 },
    { kind: 'LATENESS', weight: 5 },
  ];
  const soft = await run(acme, { objectives });
  assert.equal(soft['progress'].assigned, 1);
  const [stop] = (await publishRun(acme, soft))['routes'].nodes[0].stops.nodes;
  assert.equal(stop.window.end, '2026-12-01T05:00:00.000Z');
  assert.equal(stop.orders[0].promisedWindow, null);
});

test('an order that waits with a promise, and is served late or not at all, is a broken one', async () => {
  const acme = await addOrganization(world, { name: 'Slot', vans: 1 });
  const early = { start: '2026-12-01T04:00:00Z', end: '2026-12-01T05:00:00Z' };
  await createOrders(world, dispatcher(acme), [orderInput(0, { windows: [early] })]);
  await world.sql(
    `update route.orders set promised_start = $1, promised_end = $2 where organization_id = $3`,
    [early.start, early.end, acme.organizationId],
  );
  const objectives = [{ kind: 'LATENESS', weight: 5 }];
  for (const [changes, newlyAssigned] of [
    [{}, 0],
    [{ objectives }, 1],
  ] as const) {
    const { diff } = await run(acme, changes);
    assert.deepEqual([diff.newlyAssigned, diff.brokenPromises], [newlyAssigned, 1]);
  }
});

test('a plan lists its runs with their modes, figures, curves and diffs', async () => {
  const { acme, plan } = await publishedDay('Listed');
  const repaired = await run(acme, { mode: 'REPAIR', stability: 0 });
  const query = `query ($depotId: ID!) { plan(depotId: $depotId, date: "${DAY}") { id runs { id mode
    progress { bestCost assigned improvements { elapsedSeconds cost } } diff { newlyAssigned } } } }`;
  const depotId = encodeId('depot', acme.depotId);
  const answer = await world.ask(dispatcher(acme), query, { depotId });
  assert.equal(answer['plan'].id, plan['id']);
  const [second, first] = answer['plan'].runs;
  assert.deepEqual([second.id, second.mode, first.mode], [repaired['id'], 'REPAIR', 'FULL']);
  assert.equal(first.diff.newlyAssigned, 4);
  for (const { progress } of [first, second]) {
    assert.equal(progress.assigned, 4);
    assert.equal(progress.improvements.at(-1).cost, progress.bestCost);
  }
});
