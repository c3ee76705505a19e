import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { TimingStop } from '../storage/stores/timing-queries.ts';
import { planEta } from './eta.ts';
import { nextStopEta } from './live-eta.ts';
import { wasOnTime } from './punctuality.ts';
import { routeTiming } from './route-timing.ts';

const MINUTE = 60_000;
const start = Date.parse('2026-11-23T08:00:00Z');

test('a route that nobody has started keeps its planned times', () => {
  const timing = routeTiming([stopAt(10), stopAt(30)], start);
  assert.equal(timing.stops.get('at-30')?.etaMs, start + 30 * MINUTE);
  assert.equal(timing.nextStop?.stop.id, 'at-10');
  assert.deepEqual(timing.progress, {
    completedStops: 0,
    failedStops: 0,
    totalStops: 2,
    lateStops: 0,
    atRiskStops: 0,
  });
});

test('the delay of the last visit shifts every stop that follows', () => {
  const done = stopAt(10, { status: 'COMPLETED', arrivedAt: 20, departedAt: 25 });
  const timing = routeTiming([done, stopAt(30), stopAt(50)], start + 26 * MINUTE);
  assert.equal(timing.stops.get('at-30')?.etaMs, start + 40 * MINUTE);
  assert.equal(timing.stops.get('at-50')?.etaMs, start + 60 * MINUTE);
  assert.equal(timing.stops.get('at-10')?.etaMs, null);
});

test('an overdue stop is expected now, and what follows moves with it', () => {
  const timing = routeTiming([stopAt(10), stopAt(30)], start + 25 * MINUTE);
  assert.equal(timing.stops.get('at-10')?.etaMs, start + 25 * MINUTE);
  assert.equal(timing.stops.get('at-30')?.etaMs, start + 45 * MINUTE);
});

test('a vehicle that is at a stop leaves after the service, however long it has been there', () => {
  const here = stopAt(10, { status: 'ARRIVED', arrivedAt: 10 });
  const onTime = routeTiming([here, stopAt(30)], start + 11 * MINUTE);
  assert.equal(onTime.stops.get('at-30')?.etaMs, start + 30 * MINUTE);
  const slow = routeTiming([here, stopAt(30)], start + 22 * MINUTE);
  assert.equal(slow.stops.get('at-30')?.etaMs, start + 37 * MINUTE);
  assert.equal(slow.nextStop?.stop.id, 'at-10');
  assert.equal(slow.nextArrival?.stop.id, 'at-30');
  assert.equal(slow.stops.get('at-30')?.stopsAway, 1);
});

test('a stop is at risk when its ETA is not before the end of its window', () => {
  const stop = stopAt(10, { window: [5, 20] });
  const at = (minute: number) => routeTiming([stop], start + minute * MINUTE);
  assert.equal(at(19).stops.get('at-10')?.punctuality, 'NOT_DUE');
  assert.equal(at(20).stops.get('at-10')?.punctuality, 'AT_RISK');
  assert.equal(at(20).progress.atRiskStops, 1);
});

test('a visit is early, on time or late by its arrival in the half-open window', () => {
  const punctuality = (arrivedAt: number) => {
    const visited = { status: 'COMPLETED', arrivedAt, departedAt: arrivedAt + 5 } as const;
    const timing = routeTiming([stopAt(10, { window: [5, 20], ...visited })], start);
    return timing.stops.get('at-10')?.punctuality;
  };
  assert.deepEqual([4, 5, 19, 20].map(punctuality), ['EARLY', 'ON_TIME', 'ON_TIME', 'LATE']);
});

test('who comes early and waits is on time, who leaves before the window opens is not', () => {
  const visit = { windowStartMs: 10, windowEndMs: 20 };
  assert.equal(wasOnTime({ ...visit, arrivedAtMs: 5, departedAtMs: 12 }), true);
  assert.equal(wasOnTime({ ...visit, arrivedAtMs: 5, departedAtMs: 9 }), false);
  assert.equal(wasOnTime({ ...visit, arrivedAtMs: 20, departedAtMs: 25 }), false);
  assert.equal(wasOnTime({ ...visit, arrivedAtMs: null, departedAtMs: 15 }), false);
  const unpromised = { windowStartMs: null, windowEndMs: null, arrivedAtMs: 1, departedAtMs: 2 };
  assert.equal(wasOnTime(unpromised), null);
});

test('a fresh position decides the next arrival, a stale one leaves it to the plan', () => {
  const done = stopAt(10, { status: 'COMPLETED', arrivedAt: 10, departedAt: 15 });
  const timing = routeTiming([done, stopAt(30)], start + 16 * MINUTE);
  const vehicle = { profile: 'VAN', plannedStartMs: start } as const;
  const position = {
    point: { latitude: 52.5, longitude: 13.4 },
    recordedAtMs: start + 16 * MINUTE,
    isStale: false,
  };
  assert.deepEqual(nextStopEta(timing, position, vehicle), {
    at: new Date(start + 16 * MINUTE),
    computedAt: new Date(start + 16 * MINUTE),
    basis: 'LIVE_POSITION',
  });
  const stale = nextStopEta(timing, { ...position, isStale: true }, vehicle);
  assert.deepEqual(stale, planEta(timing, 'at-30'));
});

type Visit = {
  status?: TimingStop['status'];
  window?: [number, number];
  arrivedAt?: number;
  departedAt?: number;
};

/** A stop of five minutes; all figures are minutes after the start. */
function stopAt(minute: number, { status = 'PENDING', window, ...visit }: Visit = {}): TimingStop {
  const at = (minutes: number | undefined) =>
    minutes === undefined ? null : start + minutes * MINUTE;
  return {
    id: `at-${minute}`,
    routeId: 'route',
    routeStatus: 'IN_PROGRESS',
    sequence: minute,
    status,
    latitude: 52.5,
    longitude: 13.4,
    windowStartMs: at(window?.[0]),
    windowEndMs: at(window?.[1]),
    plannedArrivalMs: start + minute * MINUTE,
    plannedDepartureMs: start + (minute + 5) * MINUTE,
    serviceSeconds: 300,
    arrivedAtMs: at(visit.arrivedAt),
    departedAtMs: at(visit.departedAt),
  };
}
