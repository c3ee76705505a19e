import type { ClassSummary } from './class-summary.ts';
import { targetPercent } from './targets.ts';
import { logTicks, niceStep } from './chart-scale.ts';

const PANEL = { width: 340, height: 250, left: 52, right: 16, top: 40, bottom: 46 };
const MARGIN = 16;
const HEADER = 64;
const COLUMNS = 3;

/** Gap against time, a panel for each class and a line for each algorithm, as an SVG image. */
export function gapChart(summaries: readonly ClassSummary[], title: string): string {
  const solved = summaries.filter((summary) => !Number.isNaN(summary.gapPercent.mean));
  const panels = [...Map.groupBy(solved, (summary) => summary.class)];
  const algorithms = [...new Set(solved.map((summary) => summary.algorithm))];
  const columns = Math.min(COLUMNS, Math.max(1, panels.length));
  const width = 2 * MARGIN + columns * PANEL.width;
  const height = HEADER + MARGIN + Math.ceil(panels.length / columns) * PANEL.height;
  const budgets = solved.map((summary) => summary.seconds);
  const seconds: [number, number] = [Math.min(...budgets), Math.max(...budgets)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    `<text class="title" x="${MARGIN + 8}" y="28">${escaped(title)}</text>`,
    legend(algorithms, {
      hasTargets: panels.some(([name, runs]) => targetsOf(name, runs).length > 0),
    }),
    ...panels.map(([name, runs], index) => {
      const x = MARGIN + (index % columns) * PANEL.width;
      const y = HEADER + Math.floor(index / columns) * PANEL.height;
      return `<g transform="translate(${x} ${y})">${panel({ name, runs, algorithms, seconds })}</g>`;
    }),
    '</svg>',
    '',
  ].join('\n');
}

const COLORS = 6;
const STYLE = `
  svg { --page: #fff; --ink: #1d2430; --muted: #667085; --grid: #e4e7ec;
    --c0: #2563eb; --c1: #d9480f; --c2: #0f8a5f; --c3: #9333ea; --c4: #b58900; --c5: #c2255c; }
  @media (prefers-color-scheme: dark) {
    svg { --page: #14181f; --ink: #e8ebf0; --muted: #98a2b3; --grid: #2b323d;
      --c0: #7aa7ff; --c1: #ff9a62; --c2: #4fd1a0; --c3: #c99bff; --c4: #e8c14b; --c5: #ff86ac; } }
  text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--muted); }
  .page { fill: var(--page); } .title { font-size: 16px; font-weight: 600; fill: var(--ink); }
  .name { font-size: 13px; font-weight: 600; fill: var(--ink); } .key { fill: var(--ink); }
  .grid { stroke: var(--grid); } .axis { stroke: var(--muted); }
  .target { fill: none; stroke: var(--muted); stroke-width: 1.5; }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round; } .band { opacity: 0.14; }
${Array.from({ length: COLORS }, (_, c) => `  .s${c} { stroke: var(--c${c}); } .f${c} { fill: var(--c${c}); }`).join('\n')}
`;

function legend(algorithms: readonly string[], { hasTargets }: { hasTargets: boolean }): string {
  const entries = algorithms.map((algorithm, index) => {
    const x = MARGIN + 8 + index * 110;
    const color = index % COLORS;
    return `<path class="line s${color}" d="M${x} 48h22"/><circle class="f${color}" cx="${x + 11}" cy="48" r="3.5"/><text class="key" x="${x + 29}" y="52">${escaped(algorithm)}</text>`;
  });
  const x = MARGIN + 8 + algorithms.length * 110;
  const target = `${diamond(x + 5, 48)}<text class="key" x="${x + 18}" y="52">target</text>`;
  const note = `<text x="${hasTargets ? x + 90 : x}" y="52">band: 95 % confidence</text>`;
  return `${entries.join('')}${hasTargets ? target : ''}${note}`;
}

type Panel = {
  name: string;
  runs: readonly ClassSummary[];
  algorithms: readonly string[];
  seconds: [number, number];
};

function panel({ name, runs, algorithms, seconds }: Panel): string {
  const { xOf, yOf, xTicks, yTicks } = scalesOf(runs, seconds);
  const right = PANEL.width - PANEL.right;
  const bottom = PANEL.height - PANEL.bottom;
  const middle = (PANEL.left + right) / 2;
  return [
    `<text class="name" x="${PANEL.left}" y="${PANEL.top - 14}">${escaped(name)}</text>`,
    ...yTicks.map(
      (tick) =>
        `<path class="grid" d="M${PANEL.left} ${yOf(tick)}H${right}"/><text x="${PANEL.left - 8}" y="${yOf(tick) + 4}" text-anchor="end">${Number(tick.toFixed(6))}</text>`,
    ),
    ...xTicks.map(
      (tick) =>
        `<path class="axis" d="M${xOf(tick)} ${bottom}v5"/><text x="${xOf(tick)}" y="${bottom + 18}" text-anchor="middle">${tick}</text>`,
    ),
    `<path class="axis" d="M${PANEL.left} ${bottom}H${right}"/>`,
    `<text x="${middle}" y="${bottom + 36}" text-anchor="middle">CPU seconds of one thread (log scale)</text>`,
    `<text transform="translate(14 ${(PANEL.top + bottom) / 2}) rotate(-90)" text-anchor="middle">mean gap in %</text>`,
    ...targetsOf(name, runs).map(([at, target]) =>
      diamond(xOf(at), yOf(target), `target at ${at} s: ${target} %`),
    ),
    ...algorithms.map((algorithm, index) =>
      series(
        runs.filter((run) => run.algorithm === algorithm),
        { xOf, yOf, color: index % COLORS },
      ),
    ),
  ].join('\n');
}

/** What is to be reached with each budget, where something is. */
function targetsOf(name: string, runs: readonly ClassSummary[]): [number, number][] {
  const budgets = [...new Set(runs.map((run) => run.seconds))];
  return budgets.flatMap((seconds): [number, number][] => {
    const target = targetPercent(name, seconds);
    return target === null ? [] : [[seconds, target]];
  });
}

function diamond(x: number, y: number, label = 'target'): string {
  return `<path class="target" d="M${x} ${y - 5}l5 5l-5 5l-5 -5z"><title>${label}</title></path>`;
}

function scalesOf(runs: readonly ClassSummary[], [first, last]: [number, number]) {
  const inner = PANEL.width - PANEL.left - PANEL.right;
  const tall = PANEL.height - PANEL.top - PANEL.bottom;
  const tops = runs.flatMap(({ class: name, seconds, gapPercent: { mean, margin } }) => [
    mean + (margin ?? 0),
    targetPercent(name, seconds) ?? 0,
  ]);
  const lows = runs.map(({ gapPercent: { mean, margin } }) => mean - (margin ?? 0));
  const step = niceStep(Math.max(0.1, ...tops) - Math.min(0, ...lows), 4);
  const low = Math.floor(Math.min(0, ...lows) / step) * step;
  const high = Math.ceil(Math.max(step, ...tops) / step) * step;
  const [from, to] = first === last ? [first / 2, last * 2] : [first / 1.15, last * 1.15];
  const rounded = (value: number) => Math.round(value * 10) / 10;
  return {
    xOf: (seconds: number) =>
      rounded(PANEL.left + (inner * Math.log(seconds / from)) / Math.log(to / from)),
    yOf: (gap: number) => rounded(PANEL.top + tall * (1 - (gap - low) / (high - low))),
    xTicks: logTicks(from, to),
    yTicks: Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => low + i * step),
  };
}

function series(
  runs: readonly ClassSummary[],
  { xOf, yOf, color }: { xOf(x: number): number; yOf(y: number): number; color: number },
): string {
  const points = runs
    .toSorted((a, b) => a.seconds - b.seconds)
    .map(({ seconds, gapPercent: { mean, margin } }) => ({
      x: xOf(seconds),
      y: yOf(mean),
      upper: yOf(mean + (margin ?? 0)),
      lower: yOf(mean - (margin ?? 0)),
      label: `${seconds} s: ${mean.toFixed(2)}${margin === null ? '' : ` ± ${margin.toFixed(2)}`} %`,
    }));
  if (points.length === 0) return '';
  const upper = points.map(({ x, upper: y }) => `${x} ${y}`);
  const lower = points.map(({ x, lower: y }) => `${x} ${y}`).reverse();
  return [
    `<path class="band f${color}" d="M${[...upper, ...lower].join('L')}Z"/>`,
    `<path class="line s${color}" d="M${points.map(({ x, y }) => `${x} ${y}`).join('L')}"/>`,
    ...points.map(
      ({ x, y, label }) =>
        `<circle class="f${color}" cx="${x}" cy="${y}" r="3.5"><title>${label}</title></circle>`,
    ),
  ].join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
