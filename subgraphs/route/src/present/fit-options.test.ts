import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { Identity } from '@quantumroute/ops/identity';
import { encodeId } from '@quantumroute/schema/ids';

import { createOrders, dispatchDay, orderInput, publish } from '../testing/day.ts';
import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld, partnerOf } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';
import { holdClockBeforeDay } from '../testing/slot-offers.ts';

let world: RouteWorld;

before(async () => {
  holdClockBeforeDay();
  world = await openRouteWorld();
});
after(() => world.close());

const ORDER = `query ($id: ID!) { order(by: { id: $id }) { status
  unassignedReasons { code message displacement { vehicle { id } orders { id } costDelta } }
  fitOptions { kind message amount vehicle { id } marginalCost { amount currency }
    marginalDistanceMeters } } }`;

async function orderOf(identity: Identity, id: string): Promise<Answer> {
  return (await world.ask(identity, ORDER, { id }))['order'];
}

test('an order that a plan leaves out says who would have to go, and what would fit it in', async () => {
  const acme = await addOrganization(world, { name: 'Full', vans: 1 });
  const heavy = (priority: number) => ({
    priority,
    parcels: [{ reference: 'P', quantity: 1, weightKg: 600 }],
  });
  const [served, left] = await createOrders(world, dispatcher(acme), [
    orderInput(0, heavy(80)),
    orderInput(1, heavy(20)),
  ]);
  await publish(world, acme);
  const order = await orderOf(dispatcher(acme), left!['id']);
  assert.equal(order['status'], 'ACCEPTED');
  const [capacity, displaced] = order['unassignedReasons'];
  assert.equal(capacity.code, 'CAPACITY');
  assert.match(capacity.message, /^Full: 1 suitable vehicle; it needs 600 kg/);
  assert.equal(displaced.code, 'DISPLACED');
  const vehicle = { id: encodeId('vehicle', acme.crews[0]!.vehicleId) };
  assert.deepEqual(displaced.displacement.vehicle, vehicle);
  assert.deepEqual(displaced.displacement.orders, [{ id: served!['id'] }]);
  const [option, ...others] = order['fitOptions'];
  assert.deepEqual(others, []);
  assert.equal(option.kind, 'MORE_WEIGHT');
  assert.equal(option.message, 'It fits when the vehicle takes 200 kg more.');
  assert.equal(option.amount, 200);
  assert.deepEqual(option.vehicle, vehicle);
  assert.equal(option.marginalCost.currency, 'EUR');
});

test('an order that came after the plan fits as things are, a planned one needs nothing', async () => {
  const acme = await addOrganization(world, { name: 'Later', vans: 1 });
  const [planned] = await createOrders(world, dispatcher(acme), [orderInput(0)]);
  await publish(world, acme);
  const [late] = await createOrders(world, dispatcher(acme), [orderInput(1)]);
  const [option] = (await orderOf(dispatcher(acme), late!['id']))['fitOptions'];
  assert.equal(option.kind, 'NOTHING');
  assert.ok(Number(option.marginalCost.amount) < 20, 'the van is on the road already');
  assert.deepEqual((await orderOf(dispatcher(acme), planned!['id']))['fitOptions'], []);
});

test('what is missed by minutes is told in minutes, and what nobody can do with the skill', async () => {
  const acme = await addOrganization(world, { name: 'Minutes', vans: 1 });
  const [early, skilled] = await createOrders(world, dispatcher(acme), [
    orderInput(0, { windows: [{ start: `${DAY}T06:00:00Z`, end: `${DAY}T07:01:00Z` }] }),
    orderInput(1, { requirements: ['COLD_CHAIN'] }),
  ]);
  const kinds = async (order: Answer) =>
    (await orderOf(dispatcher(acme), order['id']))['fitOptions'].map(({ kind }: Answer) => kind);
  assert.deepEqual((await kinds(early!)).toSorted(), ['EARLIER_SHIFT', 'LATER_WINDOW']);
  assert.deepEqual(await kinds(skilled!), ['SKILL']);
});

test('nothing fits into dispatched routes', async () => {
  const acme = await addOrganization(world, { name: 'Gone', vans: 1 });
  await createOrders(world, dispatcher(acme), [orderInput(0)]);
  await dispatchDay(world, acme);
  const [late] = await createOrders(world, dispatcher(acme), [orderInput(1)]);
  assert.deepEqual((await orderOf(dispatcher(acme), late!['id']))['fitOptions'], []);
});

test('orders of another organization have no options, because they are not there', async () => {
  const acme = await addOrganization(world, { name: 'Mine', vans: 1 });
  const other = await addOrganization(world, { name: 'Theirs', vans: 1 });
  const [order] = await createOrders(world, dispatcher(acme), [orderInput(0)]);
  assert.equal(await orderOf(dispatcher(other), order!['id']), null);
  assert.equal(await orderOf(partnerOf(acme, acme.partners[0]), order!['id']), null);
});

test('orders of one day are read once, however many of them ask', async () => {
  const acme = await addOrganization(world, { name: 'Many', vans: 1 });
  await createOrders(
    world,
    dispatcher(acme),
    Array.from({ length: 6 }, (_, index) => orderInput(index)),
  );
  const LIST = `query ($first: Int!) { orders(first: $first) { nodes { fitOptions { kind } } } }`;
  const few = await world.run(dispatcher(acme), LIST, { first: 2 });
  const many = await world.run(dispatcher(acme), LIST, { first: 6 });
  assert.equal(few.statements, many.statements);
  assert.equal(many.data?.['orders'].nodes[5].fitOptions[0].kind, 'NOTHING');
});
