import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeFixes } from './alerts.ts';
import type { TrackedState } from './alerts.ts';
import type { Fix } from './fix.ts';

const DEPOT = { id: 'north', name: 'North', latitude: 52.5, longitude: 13.4 };
const AT_REST: TrackedState = {
  depotId: null,
  isSpeeding: false,
  isEnergyLow: false,
  isOffline: false,
};
const FAR = 53;

let seconds = 0;

function fix(changes: Partial<Fix> = {}): Fix {
  seconds += 1;
  return {
    recordedAt: new Date(seconds * 1000),
    latitude: FAR,
    longitude: 13.4,
    speedMetersPerSecond: null,
    headingDegrees: null,
    accuracyMeters: null,
    odometerMeters: null,
    energyLevelRatio: null,
    ...changes,
  };
}

/** North of the depot. */
const metersAway = (meters: number, changes: Partial<Fix> = {}) =>
  fix({ latitude: DEPOT.latitude + meters / 111_195, ...changes });

function kindsOf(fixes: Fix[], before: TrackedState | null = AT_REST) {
  const { alerts } = judgeFixes(before, fixes, { kind: 'VAN', depots: [DEPOT] });
  return alerts.map(({ kind }) => kind);
}

test('a vehicle that is too fast is told once, until it is slow again', () => {
  const speeds = [20, 40, 41, null, 37, 36, 40];
  const fixes = speeds.map((speedMetersPerSecond) => fix({ speedMetersPerSecond }));
  assert.deepEqual(kindsOf(fixes), ['SPEEDING', 'SPEEDING']);
});

test('what is fast depends on the kind of vehicle', () => {
  const fixes = [fix({ speedMetersPerSecond: 30 })];
  const at = { depots: [] };
  assert.equal(judgeFixes(AT_REST, fixes, { ...at, kind: 'VAN' }).alerts.length, 0);
  assert.equal(judgeFixes(AT_REST, fixes, { ...at, kind: 'RIGID_TRUCK' }).alerts.length, 1);
});

test('a battery that runs low is told once, until it is charged', () => {
  const levels = [0.3, 0.14, 0.16, 0.13, 0.26, 0.1];
  const fixes = levels.map((energyLevelRatio) => fix({ energyLevelRatio }));
  assert.deepEqual(kindsOf(fixes), ['LOW_ENERGY', 'LOW_ENERGY']);
});

test('a depot is entered near to it and left farther away, whatever happens between', () => {
  const fixes = [250, 190, 210, 290, 190, 310].map((meters) => metersAway(meters));
  assert.deepEqual(kindsOf(fixes), ['GEOFENCE_ENTER', 'GEOFENCE_EXIT']);
  const { alerts } = judgeFixes(AT_REST, [metersAway(50)], { kind: 'VAN', depots: [DEPOT] });
  assert.deepEqual(
    alerts.map(({ depotId, detail }) => [depotId, detail]),
    [['north', 'Arrived at North']],
  );
});

test('a position that is uncertain crosses no border', () => {
  assert.deepEqual(kindsOf([metersAway(10, { accuracyMeters: 500 })]), []);
});

test('a vehicle that was never seen has not arrived', () => {
  const { state, alerts } = judgeFixes(null, [metersAway(10)], { kind: 'VAN', depots: [DEPOT] });
  assert.deepEqual([state.depotId, alerts], ['north', []]);
  assert.deepEqual(kindsOf([metersAway(10), metersAway(1000)], null), ['GEOFENCE_EXIT']);
});

test('a vehicle that is heard of is not offline any more', () => {
  const judged = judgeFixes({ ...AT_REST, isOffline: true }, [fix()], { kind: 'VAN', depots: [] });
  assert.deepEqual([judged.state.isOffline, judged.alerts], [false, []]);
});
