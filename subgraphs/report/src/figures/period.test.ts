import assert from 'node:assert/strict';
import { test } from 'node:test';

import { comparedPeriod, daysIn } from './period.ts';

test('both ends of a period count', () => {
  assert.equal(daysIn({ from: '2026-11-01', to: '2026-11-30' }), 30);
  assert.equal(daysIn({ from: '2024-01-01', to: '2024-12-31' }), 366);
  assert.equal(daysIn({ from: '2026-11-02', to: '2026-11-01' }), 0);
});

test('the previous period has the same length and ends the day before', () => {
  const week = { from: '2026-03-02', to: '2026-03-08' };
  assert.deepEqual(comparedPeriod(week, 'PREVIOUS_PERIOD'), {
    from: '2026-02-23',
    to: '2026-03-01',
  });
});

test('29 February is compared with the 28th of the year before', () => {
  const leapDay = { from: '2024-02-29', to: '2024-02-29' };
  assert.deepEqual(comparedPeriod(leapDay, 'SAME_PERIOD_LAST_YEAR'), {
    from: '2023-02-28',
    to: '2023-02-28',
  });
});

test('there is nothing to compare with before the calendar begins', () => {
  assert.equal(comparedPeriod({ from: '0001-01-01', to: '0001-01-02' }, 'PREVIOUS_PERIOD'), null);
  assert.equal(comparedPeriod({ from: '2026-11-01', to: '2026-11-01' }, 'NONE'), null);
});
