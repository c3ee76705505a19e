import assert from 'node:assert/strict';
import { test } from 'node:test';

import { straightLineMeters } from '../timing/straight-line.ts';
import { cellOf, centreOf } from './geohash.ts';

test('gives the geohash that others give', () => {
  // The example of the geohash article, and one south and west of zero.
  assert.equal(cellOf({ latitude: 57.64911, longitude: 10.40744 }), 'u4pruydqq');
  assert.equal(cellOf({ latitude: -25.382708, longitude: -49.265506 }), '6gkzwgjzn');
  assert.equal(cellOf({ latitude: 0, longitude: 0 }), 's00000000');
});

test('the centre of a cell is in it, and at most 3.4 m from every point of it', () => {
  for (let index = 0; index < 500; index++) {
    const point = { latitude: Math.sin(index) * 89, longitude: Math.cos(index * 7) * 179 };
    const centre = centreOf(cellOf(point));
    assert.equal(cellOf(centre), cellOf(point));
    assert.ok(straightLineMeters(point, centre) < 3.4);
  }
});

test('the edges of the world have cells', () => {
  for (const latitude of [-90, 90]) {
    for (const longitude of [-180, 180]) assert.equal(cellOf({ latitude, longitude }).length, 9);
  }
});
