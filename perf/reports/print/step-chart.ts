import type { StepResult } from '../measure/run-step.ts';
import { ratioText, timeText } from './tables.ts';
import { ratioOf } from './targets.ts';

const WIDTH = 860;
const MARGIN = 24;
const TOP = 74;
const ROW = 52;
const BAR = 18;
const RIGHT = 150;

/** The time of each step as a bar on a logarithmic scale, as an SVG image for light and dark pages. */
export function stepChart(results: readonly StepResult[], texts: { title: string; note: string }) {
  const height = TOP + results.length * ROW + 44;
  const times = results.map(({ medianMs }) => medianMs);
  const ticks = decades(Math.min(...times), Math.max(...times));
  const [from, to] = [ticks[0] ?? 1, ticks.at(-1) ?? 10];
  const inner = WIDTH - 2 * MARGIN - RIGHT;
  const xOf = (milliseconds: number) =>
    Math.round(MARGIN + (inner * Math.log(milliseconds / from)) / Math.log(to / from));
  const bottom = height - 36;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(texts.title)}">`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="${MARGIN}" y="30">${escaped(texts.title)}</text>`,
    `<text x="${MARGIN}" y="50">${escaped(texts.note)}</text>`,
    ...ticks.map(
      (tick) =>
        `<path class="grid" d="M${xOf(tick)} ${TOP - 8}V${bottom}"/><text x="${xOf(tick)}" y="${bottom + 18}" text-anchor="middle">${tickText(tick)}</text>`,
    ),
    ...results.map((result, index) => {
      const y = TOP + index * ROW;
      return bar(result, { y, from: xOf(from), to: xOf(result.medianMs), all: results, xOf });
    }),
    '</svg>',
    '',
  ].join('\n');
}

const STYLE = `
  svg { --page: #fff; --ink: #1d2430; --muted: #667085; --grid: #e4e7ec;
    --before: #d9480f; --facts: #2563eb; --sums: #0f8a5f; }
  @media (prefers-color-scheme: dark) {
    svg { --page: #14181f; --ink: #e8ebf0; --muted: #98a2b3; --grid: #2b323d;
      --before: #ff9a62; --facts: #7aa7ff; --sums: #4fd1a0; } }
  text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--muted); }
  .page { fill: var(--page); } .title { font-size: 16px; font-weight: 600; fill: var(--ink); }
  .name { font-size: 13px; fill: var(--ink); } .time { font-size: 13px; font-weight: 600; fill: var(--ink); }
  .grid { stroke: var(--grid); } .target { fill: var(--page); stroke: var(--ink); stroke-width: 1.5; }
  .before { fill: var(--before); } .facts { fill: var(--facts); } .sums { fill: var(--sums); }
`;

type Place = {
  y: number;
  from: number;
  to: number;
  all: readonly StepResult[];
  xOf: (milliseconds: number) => number;
};

function bar(result: StepResult, { y, from, to, all, xOf }: Place): string {
  const { step, medianMs, plan } = result;
  const ratio = ratioText(ratioOf(result, all));
  const [first] = all;
  const {
    targetMs = step.targetRatio === undefined ? null : (first?.medianMs ?? 0) / step.targetRatio,
  } = step;
  const label = targetMs !== null && xOf(targetMs) > to - 8 ? xOf(targetMs) + 14 : to + 8;
  return [
    `<text class="name" x="${from + 4}" y="${y + 12}">${escaped(step.name)}</text>`,
    `<rect class="${worldOf(plan.scans)}" x="${from}" y="${y + 18}" width="${Math.max(2, to - from)}" height="${BAR}" rx="2"/>`,
    ...(targetMs === null ? [] : [diamond(xOf(targetMs), y + 18 + BAR / 2, timeText(targetMs))]),
    `<text class="time" x="${label}" y="${y + 32}">${timeText(medianMs)}${ratio === '' ? '' : `<tspan class="name" font-weight="400" dx="8">${ratio} faster</tspan>`}</text>`,
  ].join('');
}

/** The colour tells what was read. */
function worldOf(scans: readonly string[]): 'before' | 'facts' | 'sums' {
  if (scans.some((scan) => scan.endsWith(' stops'))) return 'before';
  return scans.some((scan) => scan.endsWith('stop_facts')) ? 'facts' : 'sums';
}

function diamond(x: number, y: number, label: string): string {
  return `<path class="target" d="M${x} ${y - 6}l6 6l-6 6l-6 -6z"><title>target: ${label}</title></path>`;
}

function decades(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.max(first + 1, Math.ceil(Math.log10(high)));
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}

function tickText(milliseconds: number): string {
  return milliseconds >= 1_000 ? `${milliseconds / 1_000} s` : `${milliseconds} ms`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
