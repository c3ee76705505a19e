import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { encodeId } from '@quantumroute/schema/ids';

import {
  createOrders,
  dispatchDay,
  orderInput,
  PLAN_PUBLISH,
  optimize,
  publish,
} from '../testing/day.ts';
import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld, partnerOf } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

let world: RouteWorld;

before(async () => {
  world = await openRouteWorld();
});
after(() => world.close());

const ORDER_FIELDS = `order { id version status priority requirements place { name }
    requestedWindows { start end } promisedWindow { start end } stop { id } unassignedReasons { code }
    events { nodes { type note } } }
  userErrors { __typename code message path ... on VersionConflictError { currentVersion }
    ... on IllegalTransitionError { currentStatus allowed } }`;
const UPDATE = `mutation ($id: ID!, $version: Int!, $input: OrderUpdateInput!) {
  payload: orderUpdate(id: $id, expectedVersion: $version, input: $input) { ${ORDER_FIELDS} } }`;
const CANCEL = `mutation ($id: ID!, $version: Int!, $reason: String) {
  payload: orderCancel(id: $id, expectedVersion: $version, reason: $reason) { ${ORDER_FIELDS} } }`;

test('an accepted order takes changes and counts its versions', async () => {
  const acme = await addOrganization(world, { name: 'Changes' });
  const [order] = await createOrders(world, dispatcher(acme), [orderInput()]);
  const windows = [{ start: `${DAY}T09:00:00.000Z`, end: `${DAY}T11:00:00.000Z` }];
  const input = { windows, priority: 90, requirements: ['TAIL_LIFT'] };
  const payload = await update(acme, order!, input);
  assert.deepEqual(payload['userErrors'], []);
  assert.equal(payload['order'].version, 2);
  assert.equal(payload['order'].priority, 90);
  assert.deepEqual(payload['order'].requirements, ['TAIL_LIFT']);
  assert.deepEqual(payload['order'].requestedWindows, windows);
  assert.equal(payload['order'].place.name, 'Customer 0');
});

test('a change of an older version is refused with the current one', async () => {
  const acme = await addOrganization(world, { name: 'Conflict' });
  const [order] = await createOrders(world, dispatcher(acme), [orderInput()]);
  await update(acme, order!, { priority: 1 });
  for (const payload of [await update(acme, order!, { priority: 2 }), await cancel(acme, order!)]) {
    assert.equal(payload['order'], null);
    assert.equal(payload['userErrors'][0].code, 'VERSION_CONFLICT');
    assert.equal(payload['userErrors'][0].currentVersion, 2);
    assert.deepEqual(payload['userErrors'][0].path, ['expectedVersion']);
  }
});

test('wrong values and windows outside the service date are refused with their path', async () => {
  const acme = await addOrganization(world, { name: 'Wrong' });
  const [order] = await createOrders(world, dispatcher(acme), [orderInput()]);
  const windows = [{ start: '2026-12-02T09:00:00Z', end: '2026-12-02T11:00:00Z' }];
  const outside = await update(acme, order!, { windows });
  assert.deepEqual(outside['userErrors'][0].path, ['input', 'windows', '0']);
  const priority = await update(acme, order!, { priority: 101 });
  assert.deepEqual(priority['userErrors'][0].path, ['input', 'priority']);
  assert.equal(priority['userErrors'][0].code, 'INVALID');
  const reason = await cancel(acme, order!, 'a\0b');
  assert.deepEqual(reason['userErrors'][0].path, ['reason']);
});

test('a priority changes beside the plan, a window takes the order out of its route', async () => {
  const acme = await addOrganization(world, { name: 'Planned', vans: 1 });
  await createOrders(
    world,
    dispatcher(acme),
    [0, 1, 2].map((index) => orderInput(index)),
  );
  const plan = await publish(world, acme);
  const [route] = plan['routes'].nodes;
  const [order] = route.stops.nodes[1].orders;
  const { order: kept } = await update(acme, order, { priority: 99 });
  assert.equal(kept.status, 'PLANNED');
  const windows = [{ start: `${DAY}T09:00:00Z`, end: `${DAY}T11:00:00Z` }];
  const { order: moved } = await update(acme, kept, { windows });
  assert.equal(moved.status, 'ACCEPTED');
  assert.equal(moved.stop, null);
  const after = await planOf(acme);
  assert.equal(after['version'], plan['version'] + 1);
  assert.equal(after['routes'].nodes[0].version, route.version + 1);
  const stops: Answer[] = after['routes'].nodes[0].stops.nodes;
  assert.deepEqual(
    stops.map(({ id, sequence }) => [id, sequence]),
    [
      [route.stops.nodes[0].id, 1],
      [route.stops.nodes[2].id, 2],
    ],
  );
  const meters = (stop: Answer) => stop['legFromPrevious'].distanceMeters;
  assert.equal(meters(stops[1]!), meters(route.stops.nodes[1]) + meters(route.stops.nodes[2]));
  assert.deepEqual(
    after['unassigned'].nodes.map(({ id }: Answer) => id),
    [order.id],
  );
});

test('a cancelled order leaves its route, and an empty route is gone', async () => {
  const acme = await addOrganization(world, { name: 'Cancelled', vans: 1 });
  const [created] = await createOrders(world, partnerOf(acme, acme.partners[0]), [orderInput()]);
  await publish(world, acme);
  const planned = { ...created, version: 2 };
  const { order } = await cancel(acme, planned, 'not needed');
  assert.equal(order.status, 'CANCELED');
  assert.deepEqual(order.events.nodes.at(-1), { type: 'CANCELED', note: 'not needed' });
  assert.deepEqual((await planOf(acme))['routes'].nodes, []);
  const again = await cancel(acme, order);
  assert.equal(again['userErrors'][0].code, 'ILLEGAL_TRANSITION');
  assert.equal(again['userErrors'][0].currentStatus, 'CANCELED');
  assert.deepEqual(again['userErrors'][0].allowed, []);
});

test('a dispatched order is neither changed nor cancelled', async () => {
  const acme = await addOrganization(world, { name: 'Dispatched', vans: 1 });
  const [created] = await createOrders(world, dispatcher(acme), [orderInput()]);
  await dispatchDay(world, acme);
  const dispatched = { ...created, version: 3 };
  for (const payload of [
    await update(acme, dispatched, { priority: 2 }),
    await cancel(acme, dispatched),
  ]) {
    assert.equal(payload['userErrors'][0].code, 'ILLEGAL_TRANSITION');
    assert.equal(payload['userErrors'][0].currentStatus, 'DISPATCHED');
  }
});

test('orders that changed after the run are left out when its proposal is published', async () => {
  const acme = await addOrganization(world, { name: 'Late change', vans: 1 });
  const orders = await createOrders(
    world,
    dispatcher(acme),
    [0, 1, 2].map((i) => orderInput(i)),
  );
  const run = await optimize(world, acme);
  await cancel(acme, orders[0]!);
  await update(acme, orders[1]!, { priority: 1 });
  const variables = { planId: run['plan'].id, version: 1, runId: run['id'] };
  const { planPublish } = await world.ask(dispatcher(acme), PLAN_PUBLISH, variables);
  assert.deepEqual(planPublish.userErrors, []);
  const [route] = planPublish.plan.routes.nodes;
  assert.deepEqual(
    route.stops.nodes.flatMap((stop: Answer) => stop['orders'].map(({ id }: Answer) => id)),
    [orders[2]!['id']],
  );
  assert.equal(route.planned.serviceSeconds, 180);
  assert.deepEqual(
    planPublish.plan.unassigned.nodes.map(({ id }: Answer) => id),
    [orders[1]!['id']],
  );
});

test('unknown orders and those of others do not exist', async () => {
  const acme = await addOrganization(world, { name: 'Owner' });
  const other = await addOrganization(world, { name: 'Stranger' });
  const [order] = await createOrders(world, partnerOf(acme, acme.partners[0]), [orderInput()]);
  const stranger = partnerOf(acme, acme.partners[1]);
  for (const identity of [dispatcher(other), stranger]) {
    const variables = { id: order!['id'], version: 1, input: { priority: 1 } };
    const { payload } = await world.ask(identity, UPDATE, variables);
    assert.equal(payload.userErrors[0].code, 'NOT_FOUND');
  }
  const malformed = await cancel(acme, { id: 'nonsense', version: 1 });
  assert.equal(malformed['userErrors'][0].code, 'NOT_FOUND');
  assert.deepEqual(malformed['userErrors'][0].path, ['id']);
});

async function update(organization: Organization, order: Answer, input: object): Promise<Answer> {
  const variables = { id: order['id'], version: order['version'], input };
  const { payload } = await world.ask(dispatcher(organization), UPDATE, variables);
  return payload;
}

async function cancel(organization: Organization, order: Answer, reason?: string): Promise<Answer> {
  const variables = { id: order['id'], version: order['version'], reason };
  const { payload } = await world.ask(dispatcher(organization), CANCEL, variables);
  return payload;
}

async function planOf({ depotId, ...organization }: Organization): Promise<Answer> {
  const { plan } = await world.ask(
    dispatcher(organization),
    `query ($depotId: ID!) { plan(depotId: $depotId, date: "${DAY}") {
       version unassigned { nodes { id } } routes { nodes { version
         stops { nodes { id sequence legFromPrevious { distanceMeters } } } } } } }`,
    { depotId: encodeId('depot', depotId) },
  );
  return plan;
}
