import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { Question } from '../../../test/ask-report.ts';
import { askTwice } from '../../../test/ask-report.ts';
import type { SmallDay } from '../../../test/small-day.ts';
import { createSmallDay } from '../../../test/small-day.ts';

let small: SmallDay;

before(async () => {
  small = await createSmallDay();
});
after(() => small?.world.drop());

const ask = (question: Question) => askTwice(small.world, question);

test('DRIVER_SCORECARD holds drivers against what their routes let expect', async () => {
  const parameters = { minimumStops: 0 };
  const { rows } = await ask({ kind: 'DRIVER_SCORECARD', parameters });
  // Each driver was alone in a stratum; 50 stops and 10 hours are borrowed from the mean of all.
  const [onTime, pace] = [2 / 3, 4 / 7];
  const expectedOnTime = (2 * (1 + 50 * onTime)) / (2 + 50);
  const expectedVisits = (5 * (3 + 10 * pace)) / (5 + 10);
  const score = (100 * (1 / expectedOnTime + 3 / expectedVisits)) / 2;
  const card = rows.find(({ driver }) => driver === 'Driver 0');
  close(card?.['expectedOnTime'], expectedOnTime / 2);
  close(card?.['adjustedOnTime'], onTime / expectedOnTime);
  close(card?.['stopsPerHour'], 3 / 5);
  close(card?.['expectedStopsPerHour'], expectedVisits / 5);
  close(card?.['adjustedStopsPerHour'], (3 / expectedVisits) * pace);
  close(card?.['score'], Math.round(score * 10) / 10);
  assert.deepEqual([card?.['depot'], card?.['rankInDepot'], card?.['stops']], ['Hamburg', 1, 3]);
});

test('DRIVER_SCORECARD gives the same rank for the same score', async () => {
  const { north: tenant, addRoute, rollUp } = small.world;
  const day = '2026-11-13';
  for (const [place, hours] of [8, 8.001].entries()) {
    await addRoute({ tenant, day, driver: tenant.drivers[place] ?? '', hours, stops: 10 });
  }
  await rollUp();
  const parameters = { minimumStops: 0 };
  const days = { from: day, to: day };
  const { rows } = await ask({ kind: 'DRIVER_SCORECARD', parameters, days });
  assert.deepEqual(
    rows.map(({ score, rankInDepot }) => [score, rankInDepot]),
    [
      [100, 1],
      [100, 1],
    ],
  );
});

test('DRIVER_SCORECARD leaves out who had too few stops', async () => {
  const { rows } = await ask({ kind: 'DRIVER_SCORECARD', parameters: { minimumStops: 2 } });
  assert.deepEqual(
    rows.map(({ driver }) => driver),
    ['Driver 0'],
  );
});

function close(actual: unknown, expected: number): void {
  assert.ok(Math.abs(Number(actual) - expected) < 1e-9, `${String(actual)} is not ${expected}`);
}
