import assert from 'node:assert/strict';
import { test } from 'node:test';

import { relativePeriod } from './relative-period.ts';

test('the previous day is the day before, across months and leap days', () => {
  assert.deepEqual(relativePeriod('PREVIOUS_DAY', '2026-03-01'), {
    from: '2026-02-28',
    to: '2026-02-28',
  });
  assert.deepEqual(relativePeriod('PREVIOUS_DAY', '2028-03-01'), {
    from: '2028-02-29',
    to: '2028-02-29',
  });
});

test('the previous week is the last whole one from Monday to Sunday', () => {
  const week = { from: '2026-11-16', to: '2026-11-22' };
  for (const day of ['2026-11-23', '2026-11-25', '2026-11-29']) {
    assert.deepEqual(relativePeriod('PREVIOUS_WEEK', day), week, day);
  }
});

test('the previous month is whole, also across the year', () => {
  assert.deepEqual(relativePeriod('PREVIOUS_MONTH', '2027-01-31'), {
    from: '2026-12-01',
    to: '2026-12-31',
  });
  assert.deepEqual(relativePeriod('PREVIOUS_MONTH', '2026-03-31'), {
    from: '2026-02-01',
    to: '2026-02-28',
  });
});

test('a month to date ends with the day itself', () => {
  assert.deepEqual(relativePeriod('MONTH_TO_DATE', '2026-11-01'), {
    from: '2026-11-01',
    to: '2026-11-01',
  });
  assert.deepEqual(relativePeriod('MONTH_TO_DATE', '2026-11-23'), {
    from: '2026-11-01',
    to: '2026-11-23',
  });
});
