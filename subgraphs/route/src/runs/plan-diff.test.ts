import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Proposal } from '../storage/entities/proposal.ts';
import type { PresentRoute } from '../storage/stores/present-routes.ts';
import { longestRun } from './longest-run.ts';
import { planDiff } from './plan-diff.ts';

const MORNING = Date.parse('2026-12-01T08:00:00Z');
const MINUTE = 60_000;

/** A route that serves one order after the other, one each ten minutes, and promises a half hour. */
function present(shiftId: string, orderIds: readonly string[], changes = {}): PresentRoute {
  return {
    id: `route of ${shiftId}`,
    shiftId,
    vehicleId: `vehicle of ${shiftId}`,
    driverId: 'driver',
    distanceMeters: 10_000,
    returnSeconds: 600,
    cost: '50.10',
    currency: 'EUR',
    stops: orderIds.map((id, index) => {
      const arrivalMs = MORNING + index * 10 * MINUTE;
      const promise = { promisedStartMs: arrivalMs, promisedEndMs: arrivalMs + 30 * MINUTE };
      const leg = { legDistanceMeters: 500, legDurationSeconds: 60, legIsEstimated: true };
      return { kind: 'DROPOFF', arrivalMs, ...leg, orders: [{ id, ...promise }] };
    }),
    ...changes,
  };
}

/** The same in a proposal. An entry may be several orders that share a stop. */
function proposed(
  routes: Record<string, readonly (string | string[])[]>,
  { lateMinutes = 0, currency = 'EUR' } = {},
): Proposal {
  const at = (ms: number) => new Date(ms).toISOString();
  const metrics = {
    distanceMeters: 12_000,
    drivingSeconds: 0,
    serviceSeconds: 0,
    waitingSeconds: 0,
    cost: '40.05',
  };
  return {
    currency,
    unassigned: [],
    metrics,
    routes: Object.entries(routes).map(([shiftId, stops]) => ({
      shiftId,
      vehicleId: `vehicle of ${shiftId}`,
      driverId: 'driver',
      vehicleName: '',
      registrationPlate: '',
      driverName: '',
      capacityWeightKg: 1,
      plannedStart: at(MORNING),
      plannedEnd: at(MORNING),
      metrics,
      stops: stops.map((orders, index) => {
        const arrivalMs = MORNING + (index * 10 + lateMinutes) * MINUTE;
        return {
          kind: 'DELIVERY',
          orders: [orders].flat().map((id) => ({ id, version: 1 })),
          window: null,
          arrival: at(arrivalMs),
          departure: at(arrivalMs + 3 * MINUTE),
          serviceSeconds: 180,
          leg: { distanceMeters: 0, durationSeconds: 0, isEstimated: true },
        };
      }),
    })),
  };
}

test('a proposal that repeats the plan changes nothing but the figures', () => {
  const diff = planDiff([present('a', ['1', '2', '3'])], proposed({ a: ['1', '2', '3'] }));
  assert.deepEqual(diff, {
    movedStops: 0,
    resequencedStops: 0,
    brokenPromises: 0,
    worstEtaShiftSeconds: 0,
    newlyUnassigned: 0,
    newlyAssigned: 0,
    costDelta: '-10.05',
    currency: 'EUR',
    distanceDeltaMeters: 2_000,
  });
});

test('a locked route is left out: it stays as it is, whatever the planner made of its times', () => {
  const proposal = proposed({ a: ['1', '2'], b: ['3'] }, { lateMinutes: 45 });
  proposal.routes[0]!.keptRouteId = 'route of a';
  const diff = planDiff([present('a', ['1', '2']), present('b', ['3'])], proposal);
  assert.equal(diff.brokenPromises, 1);
  assert.equal(diff.worstEtaShiftSeconds, 2_700);
  assert.deepEqual([diff.costDelta, diff.newlyAssigned], ['-10.05', 0]);
});

test('a stop that another vehicle serves has moved, and the others have kept their sequence', () => {
  const before = [present('a', ['1', '2', '3']), present('b', ['4'])];
  const diff = planDiff(before, proposed({ a: ['1', '3'], b: ['2', '4'] }));
  assert.equal(diff.movedStops, 1);
  assert.equal(diff.resequencedStops, 0);
});

test('as few stops as explain the new sequence count as resequenced', () => {
  const before = [present('a', ['1', '2', '3', '4', '5'])];
  const last = planDiff(before, proposed({ a: ['2', '3', '4', '5', '1'] }));
  assert.equal(last.resequencedStops, 1);
  const reversed = planDiff(before, proposed({ a: ['5', '4', '3', '2', '1'] }));
  assert.equal(reversed.resequencedStops, 4);
});

test('a new stop in between, and stops that become one, resequence nothing', () => {
  const before = [present('a', ['1', '2', '3'])];
  const diff = planDiff(before, proposed({ a: ['1', 'new', ['2', '3']] }));
  assert.equal(diff.resequencedStops, 0);
  assert.equal(diff.newlyAssigned, 1);
});

test('a promise is broken by service outside of its window, or by none', () => {
  const before = [present('a', ['1', '2'])];
  assert.equal(
    planDiff(before, proposed({ a: ['1', '2'] }, { lateMinutes: 29 })).brokenPromises,
    0,
  );
  assert.equal(
    planDiff(before, proposed({ a: ['1', '2'] }, { lateMinutes: 30 })).brokenPromises,
    2,
  );
  const without = planDiff(before, proposed({ a: ['1'] }));
  assert.equal(without.brokenPromises, 1);
  assert.equal(without.newlyUnassigned, 1);
});

test('an order that took a slot has a promise before any route serves it', () => {
  const promise = { promisedStartMs: MORNING, promisedEndMs: MORNING + 30 * MINUTE };
  const waiting = [{ id: 'slot', ...promise }];
  const broken = (proposal: Proposal) => planDiff([], proposal, { waiting }).brokenPromises;
  assert.equal(broken(proposed({ a: ['slot'] })), 0);
  assert.equal(broken(proposed({ a: ['slot'] }, { lateMinutes: 30 })), 1);
  assert.equal(broken(proposed({ a: ['other'] })), 1);
});

test('the worst shift of an arrival counts in either direction', () => {
  const before = [present('a', ['1', '2', '3'])];
  const diff = planDiff(before, proposed({ a: ['3', '2', '1'] }));
  assert.equal(diff.worstEtaShiftSeconds, 1_200);
});

test('a plan where nothing was before costs all of it, and another currency cannot be compared', () => {
  const first = planDiff([], proposed({ a: ['1', '2'] }));
  assert.deepEqual([first.costDelta, first.newlyAssigned], ['40.05', 2]);
  const before = [present('a', ['1'], { currency: 'USD' })];
  assert.equal(planDiff(before, proposed({ a: ['1'] })).costDelta, null);
});

test('a route of a shift that is not known any more is compared by its vehicle', () => {
  const before = [present('a', ['1'], { shiftId: null })];
  assert.equal(planDiff(before, proposed({ a: ['1'] })).movedStops, 0);
  assert.equal(planDiff(before, proposed({ b: ['1'] })).movedStops, 1);
});

test('the longest run may repeat a value', () => {
  assert.equal(longestRun([]), 0);
  assert.equal(longestRun([3, 1, 2, 2, 5, 4]), 4);
});
