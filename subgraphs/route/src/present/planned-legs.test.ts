import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { PresentRoute } from '../storage/stores/present-routes.ts';
import { plannedLegs } from './planned-legs.ts';

const DEPOT = 0;
const PLACES = new Map([
  ['near', 1],
  ['far', 2],
  ['beside near', 1],
]);

function routeOver(...orderIds: string[]): PresentRoute {
  return {
    id: 'route',
    shiftId: 'shift',
    vehicleId: 'vehicle',
    driverId: 'driver',
    distanceMeters: 1_000 * orderIds.length + 400,
    returnSeconds: 40,
    cost: '0',
    currency: 'EUR',
    stops: orderIds.map((id) => ({
      kind: 'DROPOFF',
      arrivalMs: 0,
      legDistanceMeters: 1_000,
      legDurationSeconds: 100,
      legIsEstimated: false,
      orders: [{ id, promisedStartMs: null, promisedEndMs: null }],
    })),
  };
}

function legsOver(...orderIds: string[]) {
  const ends = { startPlace: DEPOT, endPlace: DEPOT };
  return plannedLegs(routeOver(...orderIds), { ...ends, placeOf: PLACES }).map(
    ({ from, to, distanceMeters, durationSeconds }) => [from, to, distanceMeters, durationSeconds],
  );
}

test('a route leads from stop to stop and back, as it was planned', () => {
  assert.deepEqual(legsOver('near', 'far'), [
    [DEPOT, 1, 1_000, 100],
    [1, 2, 1_000, 100],
    [2, DEPOT, 400, 40],
  ]);
});

test('the way over a stop that is gone belongs to the next leg', () => {
  assert.deepEqual(legsOver('near', 'gone', 'far', 'gone'), [
    [DEPOT, 1, 1_000, 100],
    [1, 2, 2_000, 200],
    [2, DEPOT, 1_400, 140],
  ]);
});

test('there is no way from a place to itself', () => {
  assert.deepEqual(legsOver('near', 'gone', 'beside near'), [
    [DEPOT, 1, 1_000, 100],
    [1, DEPOT, 400, 40],
  ]);
});
