import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateLeg, estimateMatrix } from './estimate.ts';

const BERLIN = { latitude: 52.52, longitude: 13.405 };
const POTSDAM = { latitude: 52.3906, longitude: 13.0645 };
const HAMBURG = { latitude: 53.5511, longitude: 9.9937 };

test('estimates legs that a dispatcher would believe', () => {
  // By road some 35 km and three quarters of an hour, and some 290 km and three hours.
  const near = estimateLeg(BERLIN, POTSDAM, 'VAN');
  assert.ok(near.distanceMeters > 30_000 && near.distanceMeters < 40_000, `${near.distanceMeters}`);
  assert.ok(near.durationSeconds > 25 * 60 && near.durationSeconds < 50 * 60);
  const far = estimateLeg(BERLIN, HAMBURG, 'CAR');
  assert.ok(far.distanceMeters > 270_000 && far.distanceMeters < 340_000, `${far.distanceMeters}`);
  assert.ok(far.durationSeconds > 2.5 * 3_600 && far.durationSeconds < 3.7 * 3_600);
  assert.equal(near.isEstimated, true);
});

test('takes longer with a heavier vehicle, and is never faster than the vehicle', () => {
  const seconds = (['CAR', 'VAN', 'RIGID_TRUCK', 'ARTICULATED_TRUCK'] as const).map(
    (profile) => estimateLeg(BERLIN, HAMBURG, profile).durationSeconds,
  );
  assert.deepEqual(
    seconds,
    seconds.toSorted((a, b) => a - b),
  );
  const bike = estimateLeg(BERLIN, POTSDAM, 'CARGO_BIKE');
  assert.ok(bike.distanceMeters / bike.durationSeconds <= 16 / 3.6 + 0.01);
});

test('gives the same figures leg by leg and in a matrix', () => {
  const points = [BERLIN, POTSDAM, HAMBURG, BERLIN];
  const matrix = estimateMatrix(points, 'VAN');
  for (const [from, start] of points.entries()) {
    for (const [to, end] of points.entries()) {
      const leg = estimateLeg(start, end, 'VAN');
      assert.equal(matrix.distanceMeters[from * 4 + to], leg.distanceMeters);
      assert.equal(matrix.durationSeconds[from * 4 + to], leg.durationSeconds);
    }
  }
  assert.equal(estimateLeg(BERLIN, BERLIN, 'CAR').durationSeconds, 0);
});

test('stays exact for neighbours, and finite for antipodes', () => {
  const neighbour = { ...BERLIN, latitude: BERLIN.latitude + 0.00009 };
  assert.equal(estimateLeg(BERLIN, neighbour, 'CAR').distanceMeters, 13);
  const antipode = { latitude: -BERLIN.latitude, longitude: BERLIN.longitude - 180 };
  assert.ok(Number.isInteger(estimateLeg(BERLIN, antipode, 'CAR').durationSeconds));
});
