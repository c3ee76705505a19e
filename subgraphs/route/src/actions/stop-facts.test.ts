import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { decodeId } from '@quantumroute/schema/ids';

import { createOrders, dispatchDay, now, orderInput } from '../testing/day.ts';
import { STOP_ARRIVE, STOP_COMPLETE, STOP_FAIL } from '../testing/day.ts';
import { eventsOf } from '../testing/events.ts';
import { addOrganization, BERLIN } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, driverOf, openRouteWorld } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';
import { straightLineMeters } from '../timing/straight-line.ts';

let world: RouteWorld;

before(async () => {
  world = await openRouteWorld();
});
after(() => world.close());

test('without a promise nothing is late: in full is enough', async () => {
  const fact = await factAfter('No window', async (step) => {
    await step(STOP_ARRIVE, now());
    await step(STOP_COMPLETE, now());
  });
  assert.partialDeepStrictEqual(fact, { onTime: null, ...counts([1, 1, 1]) });
});

test('an order that came back whole is no success of its first attempt', async () => {
  const fact = await factAfter('Came back', async (step) => {
    await step(STOP_ARRIVE, now());
    await step(STOP_COMPLETE, now({ deliveredParcels: [] }));
  });
  assert.partialDeepStrictEqual(fact, { onTime: null, ...counts([0, 0, 0]) });
});

test('a failed visit is no success of its first attempt', async () => {
  const fact = await factAfter('Refused', async (step) => {
    await step(STOP_ARRIVE, now());
    await step(STOP_FAIL, now({ reason: 'REFUSED' }));
  });
  assert.partialDeepStrictEqual(fact, { onTime: null, ...counts([0, 0, 0]) });
});

test('the error of the ETA is that of the way from the stop before, if it was the planned one', async () => {
  const { stops, acme } = await dayOf('Punctual', 3);
  const clock = (seconds: number) => new Date(Date.now() - 3_600_000 + seconds * 1_000);
  const visit = async (index: number, arrival: number, departure: number) => {
    const step = stepsAt(acme, stops[index]!['id']);
    await step(STOP_ARRIVE, { ...now(), occurredAt: clock(arrival) });
    await step(STOP_COMPLETE, { ...now(), occurredAt: clock(departure) });
  };
  await visit(0, 0, 60);
  await visit(2, 200, 260);
  await visit(1, 300, 400);
  const facts = (await eventsOf(world, acme))
    .filter(({ type }) => type === 'stop.finished')
    .map(({ body }) => body);
  const [first, third, second] = facts as [Answer, Answer, Answer];
  const planned = Date.parse(first['plannedArrival']);
  assert.equal(
    first['etaErrorSeconds'],
    Math.round((Date.parse(first['arrivedAt']) - planned) / 1000),
  );
  assert.equal(third['etaErrorSeconds'], null);
  assert.equal(second['etaErrorSeconds'], null);
  assert.deepEqual(
    [first['plannedSequence'], first['actualSequence'], first['dwellSeconds']],
    [1, 1, 60],
  );
  assert.deepEqual([third['plannedSequence'], third['actualSequence']], [3, 2]);
});

test('a stop after the planned one is expected one way after that was left', async () => {
  const { stops, acme } = await dayOf('In order', 2);
  const left = Date.now() - 3_600_000;
  const at = (ms: number) => ({ ...now(), occurredAt: new Date(ms) });
  const [first, second] = stops.map(({ id }) => stepsAt(acme, id));
  await first!(STOP_ARRIVE, at(left - 60_000));
  await first!(STOP_COMPLETE, at(left));
  await second!(STOP_ARRIVE, at(left + 1_000_000));
  await second!(STOP_COMPLETE, at(left + 1_100_000));
  const fact = (await eventsOf(world, acme))[1]?.body;
  assert.equal(fact?.['etaErrorSeconds'], 1_000 - fact?.['legDurationSeconds']);
});

test('a finished route tells what was carried how far, and what way was empty', async () => {
  const { stops, acme } = await dayOf('Loads', 3);
  for (const { id } of stops) {
    const step = stepsAt(acme, id);
    await step(STOP_ARRIVE, now());
    await step(STOP_COMPLETE, now());
  }
  const events = (await eventsOf(world, acme)).map(({ body }) => body);
  const [one, two, three, route] = events as [Answer, Answer, Answer, Answer];
  const legs = [one, two, three].map((body) => body['legDistanceMeters']);
  assert.deepEqual(
    [one, two, three].map((body) => body['loadWeightKg']),
    [6, 6, 6],
  );
  assert.equal(route['loadWeightMeters'], legs[0] * 18 + legs[1] * 12 + legs[2] * 6);
  const toStops = legs.reduce((sum, meters) => sum + meters, 0);
  assert.equal(route['emptyDistanceMeters'], route['distanceMeters'] - toStops);
  assert.ok(route['emptyDistanceMeters'] > 0);
  const direct = [0, 9, 18].map((index) =>
    Math.round(straightLineMeters(BERLIN, orderInput(index)['place'].point)),
  );
  const told = [one, two, three].map((body) => body['directDistanceMeters']);
  assert.deepEqual(
    told.toSorted((a, b) => a - b),
    direct.toSorted((a, b) => a - b),
  );
});

test('the way to the first stop is the empty one when goods are only picked up', async () => {
  const { stops, acme } = await dayOf('Pickups', 2, { kind: 'PICKUP' });
  for (const { id } of stops) {
    await stepsAt(acme, id)(STOP_FAIL, now({ reason: 'NOBODY_HOME' }));
  }
  const [one, two, route] = (await eventsOf(world, acme)).map(({ body }) => body);
  assert.equal(route?.['emptyDistanceMeters'], one?.['legDistanceMeters']);
  const wayBack =
    route?.['distanceMeters'] - one?.['legDistanceMeters'] - two?.['legDistanceMeters'];
  assert.equal(route?.['loadWeightMeters'], two?.['legDistanceMeters'] * 6 + wayBack * 12);
  assert.deepEqual(
    [one?.['arrivedAt'], one?.['dwellSeconds'], one?.['etaErrorSeconds']],
    [null, null, null],
  );
});

type Step = (mutation: string, input: Answer) => Promise<void>;

/** The event of the one stop of a day with one order, which asks for no window. */
async function factAfter(name: string, visit: (step: Step) => Promise<void>): Promise<Answer> {
  const { acme, stops } = await dayOf(name, 1);
  await visit(stepsAt(acme, stops[0]!['id']));
  const [event] = await eventsOf(world, acme);
  assert.equal(event?.subjectId, decodeId('stop', stops[0]!['id']));
  return event.body;
}

async function dayOf(name: string, orders: number, changes: object = {}) {
  const acme = await addOrganization(world, { name, vans: 1 });
  const inputs = Array.from({ length: orders }, (_, index) => orderInput(index * 9, changes));
  await createOrders(world, dispatcher(acme), inputs);
  const plan = await dispatchDay(world, acme);
  const stops: Answer[] = plan['routes'].nodes[0].stops.nodes;
  return { acme, stops };
}

function stepsAt(acme: Organization, stopId: string): Step {
  return async (mutation, input) => {
    const driver = driverOf(acme, acme.crews[0]!.driverId);
    const { payload } = await world.ask(driver, mutation, { id: stopId, input });
    assert.deepEqual(payload.userErrors, []);
  };
}

function counts([inFull, otif, firstAttempt]: [number, number, number]) {
  return { ordersInFull: inFull, ordersOtif: otif, ordersFirstAttempt: firstAttempt };
}
