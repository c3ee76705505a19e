import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import type { Identity } from '@quantumroute/ops/identity';
import { encodeId } from '@quantumroute/schema/ids';

import {
  createOrders,
  dispatchDay,
  now,
  orderInput,
  ROUTES_DISPATCH,
  STOP_ARRIVE,
  STOP_COMPLETE,
  STOP_FAIL,
} from '../testing/day.ts';
import { eventsOf } from '../testing/events.ts';
import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, driverOf, openRouteWorld, partnerOf } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

let world: RouteWorld;
let acme: Organization;
let driver: Identity;
let plan: Answer;
let stops: Answer[];

const windows = [{ start: `${DAY}T08:00:00.000Z`, end: `${DAY}T12:00:00.000Z` }];

before(async () => {
  world = await openRouteWorld();
  acme = await addOrganization(world, { name: 'Acme', vans: 1 });
  driver = driverOf(acme, acme.crews[0]!.driverId);
  const orders = [0, 1, 2].map((index) => orderInput(index, { windows }));
  await createOrders(world, partnerOf(acme, acme.partners[0]), orders);
  plan = await dispatchDay(world, acme);
  stops = plan['routes'].nodes[0].stops.nodes;
});
after(() => world.close());

test('a published plan has routes with copies of names, and stops that keep the promised windows', () => {
  assert.equal(plan['status'], 'PUBLISHED');
  assert.equal(plan['version'], 2);
  const [route] = plan['routes'].nodes;
  assert.equal(route.vehicle.displayName, 'Van 1');
  assert.equal(route.vehicle.registrationPlate, 'B-QR Van 1');
  assert.equal(route.driver.displayName, 'Driver of Van 1');
  assert.deepEqual(
    stops.map(({ sequence, kind, status }) => [sequence, kind, status]),
    [1, 2, 3].map((sequence) => [sequence, 'DROPOFF', 'PENDING']),
  );
  for (const { window, orders, legFromPrevious } of stops) {
    assert.deepEqual(window, windows[0]);
    assert.deepEqual(orders[0].promisedWindow, windows[0]);
    assert.equal(orders[0].status, 'PLANNED');
    assert.equal(legFromPrevious.isEstimated, true);
  }
  assert.equal(plan['metrics'].cost.currency, 'EUR');
  assert.match(plan['metrics'].cost.amount, /^\d+\.\d\d$/);
  assert.deepEqual(plan['unassigned'], { nodes: [], count: { value: 0, precision: 'EXACT' } });
});

test('a route that is dispatched is not dispatched again', async () => {
  const [route] = plan['routes'].nodes;
  const variables = { ids: [route.id], key: randomUUID() };
  const { routesDispatch } = await world.ask(dispatcher(acme), ROUTES_DISPATCH, variables);
  assert.deepEqual(routesDispatch.routes, []);
  assert.equal(routesDispatch.userErrors[0].currentStatus, 'DISPATCHED');
  assert.deepEqual(routesDispatch.userErrors[0].allowed, ['IN_PROGRESS']);
  assert.deepEqual(routesDispatch.userErrors[0].path, ['ids', '0']);
});

test('a stop cannot be completed before the arrival', async () => {
  const payload = await step(STOP_COMPLETE, stops[0]!, now());
  assert.equal(payload['stop'], null);
  assert.equal(payload['userErrors'][0].code, 'ILLEGAL_TRANSITION');
  assert.equal(payload['userErrors'][0].currentStatus, 'PENDING');
  assert.deepEqual(payload['userErrors'][0].allowed, ['ARRIVED', 'FAILED']);
});

test('nobody but the driver of the route reports about its stops', async () => {
  const stranger = driverOf(acme, randomUUID());
  const { payload } = await world.ask(stranger, STOP_ARRIVE, { id: stops[0]!['id'], input: now() });
  assert.deepEqual(payload.userErrors[0].code, 'NOT_FOUND');
  const { errors } = await world.run(dispatcher(acme), STOP_ARRIVE, {
    id: stops[0]!['id'],
    input: now(),
  });
  assert.equal(errors[0]?.extensions?.['code'], 'FORBIDDEN');
});

test('a step is neither in the future nor before the day of the dispatch', async () => {
  const inTenMinutes = new Date(Date.now() + 10 * 60_000).toISOString();
  for (const occurredAt of [inTenMinutes, '2026-01-01T00:00:00Z']) {
    const payload = await step(STOP_ARRIVE, stops[0]!, now({ occurredAt }));
    assert.equal(payload['userErrors'][0].code, 'INVALID');
    assert.deepEqual(payload['userErrors'][0].path, ['input', 'occurredAt']);
  }
});

test('the first arrival puts the route in progress, and is recorded once per key', async () => {
  const input = now({ point: { latitude: 52.52, longitude: 13.4 } });
  const first = await step(STOP_ARRIVE, stops[0]!, input);
  assert.equal(first['stop'].status, 'ARRIVED');
  assert.equal(first['stop'].actual.arrival, input['occurredAt']);
  assert.equal(first['route'].status, 'IN_PROGRESS');
  assert.deepEqual(await step(STOP_ARRIVE, stops[0]!, input), first);
  const reused = await step(STOP_ARRIVE, stops[1]!, input);
  assert.equal(reused['userErrors'][0].code, 'IDEMPOTENCY_KEY_REUSED');
  const again = await step(STOP_ARRIVE, stops[0]!, now());
  assert.equal(again['userErrors'][0].code, 'ILLEGAL_TRANSITION');
});

test('a completed stop delivers its orders, with a proof', async () => {
  const proof = { recipientName: 'M. Curie', sha256: 'AB'.repeat(32) };
  const { latitude, longitude } = orderInput(0)['place'].point;
  const point = { latitude, longitude };
  const bad = now({ proof: { sha256: 'no hash' } });
  assert.deepEqual((await step(STOP_COMPLETE, stops[0]!, bad))['userErrors'][0].path, [
    'input',
    'proof',
    'sha256',
  ]);
  const { stop, route } = await step(STOP_COMPLETE, stops[0]!, now({ proof, point }));
  assert.equal(stop.status, 'COMPLETED');
  assert.equal(stop.orders[0].status, 'DELIVERED');
  assert.deepEqual(stop.orders[0].parcels[0].deliveredQuantity, 2);
  assert.equal(stop.proofOfDelivery.sha256, 'ab'.repeat(32));
  assert.equal(typeof stop.proofOfDelivery.distanceFromStopMeters, 'number');
  assert.equal(route.nextStop.id, stops[1]!['id']);
});

test('less than ordered makes an order partially delivered', async () => {
  await step(STOP_ARRIVE, stops[1]!, now());
  const [order] = stops[1]!['orders'];
  const { reference } = order.parcels[0];
  const parcel = { orderId: order.id, reference, quantity: 1 };
  const wrong = [{ ...parcel, quantity: 3 }, parcel, parcel, { ...parcel, orderId: 'ord_x' }];
  const flaws = await step(STOP_COMPLETE, stops[1]!, now({ deliveredParcels: wrong }));
  assert.deepEqual(
    flaws['userErrors'].map(({ path }: Answer) => path.slice(2).join('.')),
    ['0.quantity', '2.reference', '3.orderId'],
  );
  const { stop } = await step(STOP_COMPLETE, stops[1]!, now({ deliveredParcels: [parcel] }));
  assert.equal(stop.orders[0].status, 'PARTIALLY_DELIVERED');
  assert.equal(stop.orders[0].parcels[0].deliveredQuantity, 1);
});

test('the last finished stop completes the route, also by a failure without an arrival', async () => {
  const input = now({ reason: 'VEHICLE_BREAKDOWN', note: 'engine' });
  const { stop, route } = await step(STOP_FAIL, stops[2]!, input);
  assert.equal(stop.status, 'FAILED');
  assert.deepEqual(stop.failure, {
    reason: 'VEHICLE_BREAKDOWN',
    note: 'engine',
    at: input['occurredAt'],
  });
  assert.equal(stop.orders[0].status, 'FAILED');
  assert.equal(route.status, 'COMPLETED');
  assert.equal(route.nextStop, null);
  assert.deepEqual(route.progress, { completedStops: 2, failedStops: 1, totalStops: 3 });
});

test('every finished stop and route is told to the reports', async () => {
  const events = await eventsOf(world, acme);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['stop.finished', 'stop.finished', 'stop.finished', 'route.finished'],
  );
  const [partnerId] = acme.partners;
  const fact = { partnerId, orderCount: 1, failureReason: null };
  // The day is in the future: whoever arrives now is early and does not wait for the window.
  const early = { onTime: false, ordersOtif: 0 };
  const expected = [
    { ...fact, ...early, ...sequences(1), outcome: 'COMPLETED', ...counts([1, 1]) },
    { ...fact, ...early, ...sequences(2), outcome: 'COMPLETED', ...counts([0, 1]) },
    {
      ...fact,
      ...early,
      ...sequences(3),
      outcome: 'FAILED',
      ...counts([0, 0]),
      failureReason: 'VEHICLE_BREAKDOWN',
    },
  ];
  for (const [index, body] of expected.entries())
    assert.partialDeepStrictEqual(events[index]?.body, body);
  assert.partialDeepStrictEqual(events[3]?.body, {
    stopCount: 3,
    currency: 'EUR',
    serviceDate: DAY,
  });
});

test('the events of an order tell its story in order, with both clocks', async () => {
  const { order } = await world.ask(
    dispatcher(acme),
    `query ($id: ID!) { order(by: { id: $id }) {
       finished: status stop { id } route { id } proofOfDelivery { recipientName }
       events(first: 3) { nodes { type } pageInfo { hasNextPage endCursor } } } }`,
    { id: stops[0]!['orders'][0].id },
  );
  assert.deepEqual(
    order.events.nodes.map(({ type }: Answer) => type),
    ['CREATED', 'PLANNED', 'DISPATCHED'],
  );
  assert.equal(order.proofOfDelivery.recipientName, 'M. Curie');
  const rest = await world.ask(
    dispatcher(acme),
    `query ($id: ID!, $after: String) { order(by: { id: $id }) {
       events(after: $after) { nodes { type occurredAt recordedAt } pageInfo { hasNextPage } } } }`,
    { id: stops[0]!['orders'][0].id, after: order.events.pageInfo.endCursor },
  );
  const { nodes, pageInfo } = rest['order'].events;
  assert.deepEqual(
    nodes.map(({ type }: Answer) => type),
    ['ARRIVED', 'DELIVERED'],
  );
  assert.equal(pageInfo.hasNextPage, false);
});

test('the home screen of the driver shows the route of the day, and nobody else sees it', async () => {
  const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on Driver { id routeOn(date: "${DAY}") { id status stops { nodes { status } } } } } }`;
  const id = encodeId('driver', acme.crews[0]!.driverId);
  const representations = [{ __typename: 'Driver', id }];
  const own = await world.ask(driver, query, { representations });
  assert.equal(own['_entities'][0].routeOn.id, plan['routes'].nodes[0].id);
  const stranger = await world.ask(driverOf(acme, randomUUID()), query, { representations });
  assert.equal(stranger['_entities'][0].routeOn, null);
});

async function step(mutation: string, stop: Answer, input: Answer): Promise<Answer> {
  const { payload } = await world.ask(driver, mutation, { id: stop['id'], input });
  return payload;
}

function counts([ordersInFull, ordersFirstAttempt]: [number, number]) {
  return { ordersInFull, ordersFirstAttempt };
}

function sequences(sequence: number) {
  return { plannedSequence: sequence, actualSequence: sequence };
}
