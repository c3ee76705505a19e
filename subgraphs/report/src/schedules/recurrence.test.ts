import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Recurrence } from './recurrence.ts';
import { missedOccurrences, nextOccurrence } from './recurrence.ts';

const BERLIN = 'Europe/Berlin';

function rule(rrule: string, more: Partial<Recurrence> = {}): Recurrence {
  return { rrule, timeZone: BERLIN, startsAt: new Date('2026-01-01T07:00:00Z'), ...more };
}

/** The next occurrences after an instant, in UTC. */
function next(recurrence: Recurrence, after: string, count: number): (string | null)[] {
  const found: (string | null)[] = [];
  let from: Date | null = new Date(after);
  while (from !== null && found.length < count) {
    from = nextOccurrence(recurrence, from)?.at ?? null;
    found.push(from === null ? null : from.toISOString().slice(0, 16));
  }
  return found;
}

test('eight in the morning stays eight in the morning when clocks change', () => {
  const mondays = rule('FREQ=WEEKLY;BYDAY=MO;BYHOUR=8;BYMINUTE=0');
  assert.deepEqual(next(mondays, '2026-03-22T00:00:00Z', 2), [
    '2026-03-23T07:00',
    '2026-03-30T06:00',
  ]);
  assert.deepEqual(next(mondays, '2026-10-18T00:00:00Z', 2), [
    '2026-10-19T06:00',
    '2026-10-26T07:00',
  ]);
});

test('half past two does not occur on the night that has none', () => {
  const nightly = rule('FREQ=DAILY;BYHOUR=2;BYMINUTE=30');
  assert.deepEqual(next(nightly, '2026-03-27T12:00:00Z', 3), [
    '2026-03-28T01:30',
    '2026-03-30T00:30',
    '2026-03-31T00:30',
  ]);
});

test('half past two occurs once on the night that has it twice, the first time', () => {
  const nightly = rule('FREQ=DAILY;BYHOUR=2;BYMINUTE=30');
  assert.deepEqual(next(nightly, '2026-10-24T12:00:00Z', 2), [
    '2026-10-25T00:30',
    '2026-10-26T01:30',
  ]);
});

test('an hourly rule occurs at each hour that clocks show, once', () => {
  const hourly = rule('FREQ=HOURLY;BYMINUTE=0');
  assert.deepEqual(next(hourly, '2026-03-28T23:30:00Z', 3), [
    '2026-03-29T00:00',
    '2026-03-29T01:00',
    '2026-03-29T02:00',
  ]);
  assert.deepEqual(next(hourly, '2026-10-24T23:30:00Z', 3), [
    '2026-10-25T00:00',
    '2026-10-25T02:00',
    '2026-10-25T03:00',
  ]);
});

test('the start gives the time that the rule leaves open, in the zone of the rule', () => {
  const daily = rule('FREQ=DAILY', { startsAt: new Date('2026-01-01T22:15:00Z') });
  assert.deepEqual(next(daily, '2026-07-01T00:00:00Z', 1), ['2026-07-01T21:15']);
  const newYork = { ...daily, timeZone: 'America/New_York' };
  assert.deepEqual(next(newYork, '2026-07-01T00:00:00Z', 1), ['2026-07-01T21:15']);
  assert.deepEqual(next(newYork, '2026-03-08T00:00:00Z', 1), ['2026-03-08T21:15']);
});

test('the day of an occurrence is the one in its zone', () => {
  const late = rule('FREQ=DAILY;BYHOUR=0;BYMINUTE=30', { timeZone: 'Pacific/Auckland' });
  const found = nextOccurrence(late, new Date('2026-11-23T00:00:00Z'));
  assert.deepEqual(
    [found?.at.toISOString(), found?.day],
    ['2026-11-23T11:30:00.000Z', '2026-11-24'],
  );
});

test('intervals count from the start', () => {
  const other = rule('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO', {
    startsAt: new Date('2026-11-02T07:00:00Z'),
  });
  assert.deepEqual(next(other, '2026-11-03T00:00:00Z', 2), [
    '2026-11-16T07:00',
    '2026-11-30T07:00',
  ]);
});

test('the last working day of a month is found', () => {
  const last = rule('FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1');
  assert.deepEqual(next(last, '2026-05-01T00:00:00Z', 2), ['2026-05-29T06:00', '2026-06-30T06:00']);
});

test('a rule that has ended occurs no more', () => {
  assert.deepEqual(next(rule('FREQ=DAILY;UNTIL=20261124T070000Z'), '2026-11-23T12:00:00Z', 3), [
    '2026-11-24T07:00',
    null,
  ]);
});

test('a rule that never occurs is told within a second', () => {
  for (const rrule of [
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=2',
  ]) {
    const startedAt = performance.now();
    assert.throws(() => nextOccurrence(rule(rrule), new Date('2026-11-24')), /never occurs/);
    const tookMs = performance.now() - startedAt;
    assert.ok(tookMs < 2_000, `${rrule} took ${tookMs} ms`);
  }
});

test('the 29th of February is found, however the rule is written', () => {
  for (const frequency of ['HOURLY;BYHOUR=8', 'DAILY', 'MONTHLY', 'YEARLY']) {
    const leap = rule(`FREQ=${frequency};BYMONTH=2;BYMONTHDAY=29;BYMINUTE=0`);
    assert.deepEqual(next(leap, '2026-11-24T00:00:00Z', 1), ['2028-02-29T07:00'], frequency);
  }
});

test('of missed occurrences the latest is given and the others are counted', () => {
  const daily = rule('FREQ=DAILY');
  const due = new Date('2026-03-27T07:00:00Z');
  const missed = missedOccurrences(daily, { due, now: new Date('2026-03-30T10:00:00Z') });
  assert.equal(missed.latest.at.toISOString(), '2026-03-30T06:00:00.000Z');
  assert.equal(missed.skipped, 3);
  const onTime = missedOccurrences(daily, { due, now: new Date('2026-03-27T07:00:00.300Z') });
  assert.deepEqual(onTime, { latest: { at: due, day: '2026-03-27' }, skipped: 0 });
});
