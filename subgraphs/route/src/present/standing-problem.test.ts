import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fitOptions } from '../planning/reasons/fit-options.ts';
import { DAY_START, freeShift, openOrder, planningDay } from '../testing/standing-day.ts';
import { standingProblem } from './standing-problem.ts';

const HOUR_MS = 3_600_000;

test('a shift that is over is longer by what has passed since', () => {
  const order = { ...openOrder('order', [1, 1], 0), requestedWindows: [] };
  const standing = { day: planningDay, orders: [order], shifts: [freeShift('shift')], routes: [] };
  const { instance, routes, added, nowSeconds } = standingProblem(
    standing,
    [order],
    DAY_START + 16 * HOUR_MS,
  );
  const options = fitOptions(instance, routes, added[0]!, { earliestSeconds: nowSeconds });
  assert.deepEqual(
    options.map(({ kind }) => kind),
    ['LONGER_SHIFT'],
  );
  assert.ok(options[0]!.amount > 2 * 60, `${options[0]!.amount} minutes`);
});
