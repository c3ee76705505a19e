import { textTable } from '../../planner/report/text-table.ts';
import type { StepResult } from '../measure/run-step.ts';
import { isReached, ratioOf } from './targets.ts';

/** Times, rows and plans as columns for a terminal. */
export function stepTable(results: readonly StepResult[]): string {
  return textTable([
    ['step', 'median', 'fastest', 'rows', 'to naive', 'target'],
    ...results.map((result) => [
      result.step.name,
      timeText(result.medianMs),
      timeText(result.fastestMs),
      result.rows.length.toLocaleString('en'),
      ratioText(ratioOf(result, results)),
      targetText(result, results),
    ]),
  ]);
}

/** What each plan did. */
export function planTable(results: readonly StepResult[]): string {
  return results.map(({ step, plan }) => `${step.name}\n    ${planText(plan)}`).join('\n');
}

/** For a README. */
export function markdownTable(results: readonly StepResult[]): string {
  const lines = results.map((result) =>
    [
      result.step.name,
      timeText(result.medianMs),
      result.rows.length.toLocaleString('en'),
      ratioText(ratioOf(result, results)),
      planText(result.plan),
    ].join(' | '),
  );
  return [
    '| step | time | rows | to naive | plan |',
    '| --- | --: | --: | --: | --- |',
    ...lines.map((line) => `| ${line} |`),
    '',
  ].join('\n');
}

export function timeText(milliseconds: number): string {
  if (milliseconds >= 1_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

export function ratioText(ratio: number | null): string {
  return ratio === null ? '' : `${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)}x`;
}

function planText({ scans, buffers, heapFetches, workers, spilled }: StepResult['plan']): string {
  return [
    scans.join(', '),
    `${buffers.toLocaleString('en')} buffers`,
    ...(heapFetches > 0 ? [`${heapFetches.toLocaleString('en')} heap fetches`] : []),
    ...(workers > 0 ? [`${workers} parallel workers`] : []),
    ...(spilled ? ['spilled to disk'] : []),
  ].join('; ');
}

function targetText(result: StepResult, all: readonly StepResult[]): string {
  const { targetMs, targetRatio } = result.step;
  const wanted = [
    ...(targetRatio === undefined ? [] : [`${targetRatio}x`]),
    ...(targetMs === undefined ? [] : [timeText(targetMs)]),
  ];
  if (wanted.length === 0) return '';
  return `${wanted.join(', ')} ${isReached(result, all) ? 'reached' : 'MISSED'}`;
}
