import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, dayAt, daysBetween, instantAt, minutesAt, weekday } from './calendar.ts';

const iso = (instant: number): string => new Date(instant).toISOString();

test('a day begins when it does at the place', () => {
  const instant = Date.parse('2026-11-23T05:00:00Z');
  assert.equal(dayAt(instant, 'America/Chicago'), '2026-11-22');
  assert.equal(dayAt(instant, 'Europe/Paris'), '2026-11-23');
});

test('local times are found on ordinary days and on those when clocks change', () => {
  assert.equal(iso(instantAt('2026-11-23', 450, 'America/Chicago')), '2026-11-23T13:30:00.000Z');
  assert.equal(iso(instantAt('2026-11-01', 0, 'America/Chicago')), '2026-11-01T05:00:00.000Z');
  assert.equal(iso(instantAt('2026-11-01', 480, 'America/Chicago')), '2026-11-01T14:00:00.000Z');
  assert.equal(iso(instantAt('2026-03-29', 480, 'Europe/Paris')), '2026-03-29T06:00:00.000Z');
  assert.equal(iso(instantAt('2026-10-31', 1500, 'America/Chicago')), '2026-11-01T06:00:00.000Z');
});

test('minutes after midnight are the inverse', () => {
  const at = instantAt('2026-11-01', 700, 'America/Chicago');
  assert.equal(minutesAt(at, '2026-11-01', 'America/Chicago'), 700);
});

test('days are counted over the ends of months and years', () => {
  assert.equal(addDays('2026-12-31', 1), '2027-01-01');
  assert.equal(addDays('2028-03-01', -1), '2028-02-29');
  assert.deepEqual(daysBetween('2026-10-31', '2026-11-02'), [
    '2026-10-31',
    '2026-11-01',
    '2026-11-02',
  ]);
  assert.equal(weekday('2026-11-22'), 0);
});
