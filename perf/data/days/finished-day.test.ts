import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demoFleet } from '../demo/demo-fleet.ts';
import { VEHICLE_KINDS } from '../fleet/vehicle-kinds.ts';
import { finishedDay } from './finished-day.ts';
import type { FinishedStop } from './finished-day.ts';

const depots = demoFleet().flatMap((organization) => organization.depots);
const day = '2026-11-18';
const days = depots.map((depot) => finishedDay(depot, day));
const routes = days.flatMap((finished) => finished.routes);
const stops = routes.flatMap((route) => route.stops);

const share = (match: (stop: FinishedStop) => boolean, among = stops): number =>
  among.filter(match).length / among.length;

test('a day is the same however often it is made', () => {
  const [depot] = depots;
  assert.ok(depot);
  assert.deepEqual(finishedDay(depot, day).routes, days[0]?.routes);
});

test('between 85 and 95 of 100 promised visits are on time, and few fail', () => {
  const promised = stops.filter((stop) => stop.window !== null);
  const onTime = share(
    (stop) => stop.window !== null && stop.arrivedAt < stop.window.end,
    promised,
  );
  assert.ok(onTime > 0.85 && onTime < 0.96, `on time ${onTime}`);
  const failed = share((stop) => stop.failure !== null);
  assert.ok(failed > 0.015 && failed < 0.06, `failed ${failed}`);
});

test('routes are as long as a working day, and as a city allows', () => {
  for (const { crew, depot, startedAt, endedAt, distanceMeters, stops: visits } of routes) {
    const at = `${depot.code} ${crew.vehicle.name}`;
    assert.ok(endedAt - startedAt < 12 * 3_600_000, at);
    assert.ok(distanceMeters > 3_000 && distanceMeters < 420_000, `${at} ${distanceMeters} m`);
    assert.ok(visits.length >= 10, `${at} ${visits.length} stops`);
  }
});

test('visits follow one another, in the plan and on the way', () => {
  for (const { stops: visits } of routes) {
    const driven = visits.toSorted((one, two) => one.actualSequence - two.actualSequence);
    for (const [index, stop] of visits.entries()) {
      assert.equal(stop.sequence, index + 1);
      assert.equal(driven[index]?.actualSequence, index + 1);
      assert.ok(stop.departedAt > stop.arrivedAt && stop.recordedAt > stop.departedAt);
      const previous = driven[index - 1];
      const current = driven[index];
      if (previous && current) assert.ok(current.arrivedAt >= previous.departedAt);
    }
  }
});

test('no vehicle carries more than it can', () => {
  for (const { crew, stops: visits } of routes) {
    const loaded = visits
      .flatMap((stop) => stop.orders)
      .reduce((sum, { goods }) => sum + goods.weightKg, 0);
    assert.ok(loaded <= VEHICLE_KINDS[crew.vehicle.kind].weightKg, crew.vehicle.name);
  }
});

test('what an order needs, its vehicle has', () => {
  for (const { crew, stops: visits } of routes) {
    for (const need of visits
      .flatMap((stop) => stop.orders)
      .flatMap((order) => order.goods.requirements)) {
      assert.ok(crew.vehicle.capabilities.includes(need), `${crew.vehicle.name} lacks ${need}`);
    }
  }
});
