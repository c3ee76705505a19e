import assert from 'node:assert/strict';
import { test } from 'node:test';

import { estimateLeg } from '../planning/travel/estimate.ts';
import { knownLegs } from './known-legs.ts';

const POINTS = [
  { latitude: 52.5, longitude: 13.4 },
  { latitude: 52.51, longitude: 13.4 },
  { latitude: 52.5, longitude: 13.42 },
  { latitude: 52.53, longitude: 13.45 },
];
const SIZE = POINTS.length;

function legBetween(
  legs: ReturnType<typeof knownLegs>,
  from: number,
  to: number,
): { meters: number; seconds: number } {
  const { distanceMeters, durationSeconds } = legs.VAN!;
  const index = from * SIZE + to;
  return { meters: distanceMeters[index]!, seconds: durationSeconds[index]! };
}

test('knows the ways that are planned and those of the places that may go anywhere, and no others', () => {
  const planned = [
    {
      profile: 'VAN' as const,
      from: 0,
      to: 1,
      distanceMeters: 1,
      durationSeconds: 1,
      isEstimated: true,
    },
  ];
  const legs = knownLegs(POINTS, { profiles: ['VAN'], planned, anywhere: [3] });
  const estimated = estimateLeg(POINTS[0]!, POINTS[1]!, 'VAN');
  assert.deepEqual(legBetween(legs, 0, 1), {
    meters: estimated.distanceMeters,
    seconds: estimated.durationSeconds,
  });
  const anywhere = estimateLeg(POINTS[2]!, POINTS[3]!, 'VAN');
  assert.equal(legBetween(legs, 2, 3).meters, anywhere.distanceMeters);
  assert.deepEqual(legBetween(legs, 2, 3), legBetween(legs, 3, 2));
  assert.ok(legBetween(legs, 1, 2).seconds > 1e7, 'nobody takes a way that nobody knows');
  assert.deepEqual(legBetween(legs, 2, 2), { meters: 0, seconds: 0 });
});

test('where roads were longer than the estimate, the estimates are longer too', () => {
  const straight = estimateLeg(POINTS[0]!, POINTS[1]!, 'VAN');
  const planned = [
    {
      profile: 'VAN' as const,
      from: 0,
      to: 1,
      distanceMeters: straight.distanceMeters * 2,
      durationSeconds: straight.durationSeconds * 3,
      isEstimated: false,
    },
  ];
  const legs = knownLegs(POINTS, { profiles: ['VAN'], planned, anywhere: [3] });
  const other = estimateLeg(POINTS[2]!, POINTS[3]!, 'VAN');
  assert.deepEqual(legBetween(legs, 0, 1), {
    meters: straight.distanceMeters * 2,
    seconds: straight.durationSeconds * 3,
  });
  assert.deepEqual(legBetween(legs, 2, 3), {
    meters: other.distanceMeters * 2,
    seconds: other.durationSeconds * 3,
  });
});
