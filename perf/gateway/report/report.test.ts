import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OWN, RUST, STOCK } from '../contenders/contender.ts';
import type { Figures } from '../measure/rounds.ts';
import { gatewayChart } from './gateway-chart.ts';
import { comparisonTable, markdownTables } from './tables.ts';
import { targetsOf } from './targets.ts';

const figures = [row(STOCK, 17.3), row(RUST, 2.1), row(OWN, 0.8)];

test('reaches a target when it needs no more than its share', () => {
  assert.deepEqual(
    targetsOf(figures).map(({ isReached }) => isReached),
    [true, true],
  );
  assert.deepEqual(
    targetsOf([row(STOCK, 17.3), row(OWN, 0.9)]).map(({ isReached }) => isReached),
    [false],
  );
  assert.deepEqual(targetsOf([row(STOCK, 17.3)]), []);
});

test('prints the figures, the ratio to stock and the targets', () => {
  const text = comparisonTable(figures);
  assert.match(text, /Grafbase \(Rust\)\s+2\.1 ms\s+8\.2x/);
  assert.match(text, /target 20 times less CPU than .*: 21\.6 times: reached/);
  assert.match(markdownTables(figures), /\| quantumroute \| 0\.80 ms \| 22x \|/);
});

test('draws a bar for each gateway and a diamond for each target', () => {
  const picture = gatewayChart(figures, { note: 'Medians.' });
  assert.equal(picture.match(/<rect class="(own|other|bare)"/g)?.length, figures.length);
  assert.equal(picture.match(/class="target"/g)?.length, 2);
});

function row(contender: string, cpuMs: number): Figures {
  const round = { cpuMs, perSecond: 50, p50Ms: 20, p99Ms: 40, rssMb: 300, calls: 9 };
  return { contender, operation: 'heavy', ...round, rounds: [round] };
}
