import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chartOf } from './chart.ts';
import type { ChartPlan } from './kind.ts';

const dwell: ChartPlan = {
  title: 'Dwell by day',
  mark: 'line',
  by: 'day',
  figures: ['dwellP50', 'dwellP90'],
  limit: 10,
};

function axisTitle({ spec }: ReturnType<typeof chartOf>): unknown {
  const { y } = spec['encoding'] as { y: { axis: { title: unknown } } };
  return y.axis.title;
}

test('short times are drawn and told in minutes, long ones in hours', () => {
  const short = chartOf(dwell, [{ day: '2026-11-10', dwellP50: 300, dwellP90: 900 }]);
  assert.equal(axisTitle(short), 'minutes');
  assert.match(short.altText, /Dwell, median from 5\.0 min to 5\.0 min/);
  const long = chartOf(dwell, [{ day: '2026-11-10', dwellP50: 300, dwellP90: 9_000 }]);
  assert.equal(axisTitle(long), 'hours');
  assert.match(long.altText, /90th percentile from 2\.5 h to 2\.5 h/);
});

test('a figure without any value is not drawn, and its absence is told', () => {
  const none = chartOf(dwell, [{ day: '2026-11-10', dwellP50: null, dwellP90: null }]);
  assert.deepEqual(none.spec['data'], { values: [] });
  assert.equal(none.altText, 'Line chart by day: no data.');
});
