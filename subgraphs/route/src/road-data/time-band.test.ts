import assert from 'node:assert/strict';
import { test } from 'node:test';

import { localTimeOfDay, solarTimeAt, timeBandOf } from './time-band.ts';

test('working days share their bands, Saturday and Sunday have their own', () => {
  assert.deepEqual(timeBandOf('2026-11-23T06:00'), {
    name: 'workday-06',
    localTime: '2026-11-25T07:30',
  });
  assert.deepEqual(timeBandOf('2026-11-27T08:59'), timeBandOf('2026-11-23T06:00'));
  assert.equal(timeBandOf('2026-11-23T05:59').name, 'workday-00');
  assert.deepEqual(timeBandOf('2026-11-28T16:00'), {
    name: 'saturday-15',
    localTime: '2026-11-28T17:00',
  });
  assert.equal(timeBandOf('2026-11-29T23:59').name, 'sunday-19');
  assert.equal(timeBandOf('2027-01-01T12:00').localTime, '2026-12-30T12:00');
});

test('seconds of a day may lie outside of it', () => {
  assert.equal(localTimeOfDay('2026-11-23', 8 * 3_600 + 15 * 60), '2026-11-23T08:15');
  assert.equal(localTimeOfDay('2026-11-23', 26 * 3_600), '2026-11-24T02:00');
  assert.equal(localTimeOfDay('2026-11-23', -3_600), '2026-11-22T23:00');
});

test('the time by the sun is within an hour of Berlin’s and Chicago’s', () => {
  const noon = Date.parse('2026-11-23T12:00:00Z');
  assert.equal(solarTimeAt(noon, 13.4), '2026-11-23T12:53');
  assert.equal(solarTimeAt(noon, -87.6), '2026-11-23T06:09');
});
