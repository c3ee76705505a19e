import { STOCK } from '../contenders/contender.ts';
import type { Figures } from '../measure/rounds.ts';
import { textTable } from '../../planner/report/text-table.ts';
import { targetsOf } from './targets.ts';

const HEADING = ['CPU/request', 'to stock', 'requests/s', 'p50', 'p99', 'memory', 'calls'];

/** The figures of one operation as columns for a terminal, with the targets below. */
export function comparisonTable(figures: readonly Figures[]): string {
  const [first] = figures;
  const rows = figures.map((row) => [row.contender, ...cellsOf(row, figures)]);
  const targets = targetsOf(figures).map(
    ({ text, isReached }) => `target ${text}: ${isReached ? 'reached' : 'MISSED'}`,
  );
  return [textTable([[first?.operation ?? '', ...HEADING], ...rows]), ...targets].join('\n');
}

/** For a README: a table for each operation. */
export function markdownTables(all: readonly Figures[]): string {
  const operations = [...new Set(all.map(({ operation }) => operation))];
  return operations
    .map((operation) => {
      const figures = all.filter((each) => each.operation === operation);
      return [
        `| ${[operation, ...HEADING].join(' | ')} |`,
        '| --- | --: | --: | --: | --: | --: | --: | --: |',
        ...figures.map((row) => `| ${[row.contender, ...cellsOf(row, figures)].join(' | ')} |`),
        '',
        ...targetsOf(figures).map(
          ({ text, isReached }) => `- target ${text} (${isReached ? 'reached' : 'missed'})`,
        ),
        '',
      ].join('\n');
    })
    .join('\n');
}

function cellsOf(row: Figures, figures: readonly Figures[]): string[] {
  const stock = figures.find(({ contender }) => contender === STOCK);
  const ratio = stock === undefined || stock === row ? null : stock.cpuMs / row.cpuMs;
  return [
    `${cpuText(row.cpuMs)} ms`,
    ratio === null ? '' : `${ratio.toFixed(ratio < 10 ? 1 : 0)}x`,
    Math.round(row.perSecond).toLocaleString('en'),
    `${row.p50Ms.toFixed(1)} ms`,
    `${row.p99Ms.toFixed(1)} ms`,
    `${Math.round(row.rssMb)} MB`,
    row.calls.toFixed(1),
  ];
}

/** Three figures that count. */
export function cpuText(milliseconds: number): string {
  return milliseconds >= 10 ? milliseconds.toFixed(1) : milliseconds.toPrecision(2);
}
