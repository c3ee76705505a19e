import type { MeanInterval } from '../statistics/mean-interval.ts';
import type { ClassSummary } from './class-summary.ts';
import type { PairedComparison } from './paired-comparison.ts';
import { roundedGap } from './run-result.ts';
import { targetPercent } from './targets.ts';
import { textTable } from './text-table.ts';

/** Gap to the reference by class and algorithm, a column for each budget. */
export function gapTable(summaries: readonly ClassSummary[]): string {
  const budgets = [...new Set(summaries.map((summary) => summary.seconds))];
  const lines = Map.groupBy(summaries, (summary) => `${summary.class} / ${summary.algorithm}`);
  return textTable([
    ['class', 'algorithm', 'instances', ...budgets.map((seconds) => `gap at ${seconds} s`)],
    ...[...lines.values()].map((line) => [
      line[0]?.class ?? '',
      line[0]?.algorithm ?? '',
      `${line[0]?.gapPercent.count ?? 0}`,
      ...budgets.map((budget) => gapCell(line.find(({ seconds }) => seconds === budget))),
    ]),
  ]);
}

/** How fast the runs with the largest budget were. */
export function speedTable(summaries: readonly ClassSummary[]): string {
  const largest = Math.max(...summaries.map((summary) => summary.seconds));
  return textTable([
    ['class', 'algorithm', 'iterations/s', 'first plan'],
    ...summaries
      .filter((summary) => summary.seconds === largest)
      .map((summary) => [
        summary.class,
        summary.algorithm,
        Math.round(summary.iterationsPerSecond).toLocaleString('en'),
        `${summary.firstPlanSeconds.toFixed(3)} s`,
      ]),
  ]);
}

export function comparisonTable(comparisons: readonly PairedComparison[]): string {
  return textTable([
    ['class', 'budget', 'A', 'B', 'A minus B', 'A better', 'equal', 'B better', 'p'],
    ...comparisons.map((pair) => [
      pair.class,
      `${pair.seconds} s`,
      pair.a,
      pair.b,
      percentText(pair.difference),
      `${pair.wins}`,
      `${pair.ties}`,
      `${pair.losses}`,
      pair.probability < 0.001 ? '<0.001' : pair.probability.toFixed(3),
    ]),
  ]);
}

function gapCell(summary: ClassSummary | undefined): string {
  if (summary === undefined) return '';
  const target = targetPercent(summary.class, summary.seconds);
  const isMet = summary.gapPercent.mean <= (target ?? 0);
  const notes = [
    target === null ? '' : `${isMet ? '<=' : '>'} ${target}`,
    summary.moreVehicles > 0 ? `${summary.moreVehicles} of ${summary.runs} with more vehicles` : '',
    summary.invalid > 0 ? `${summary.invalid} NOT VALID` : '',
  ].filter((note) => note !== '');
  const gap = percentText(summary.gapPercent);
  return notes.length > 0 ? `${gap} (${notes.join(', ')})` : gap;
}

function percentText({ mean, margin }: MeanInterval): string {
  if (Number.isNaN(mean)) return '-';
  return margin === null ? `${roundedGap(mean)} %` : `${roundedGap(mean)} ± ${margin.toFixed(2)} %`;
}
