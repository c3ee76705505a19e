import { OWN } from '../contenders/contender.ts';
import type { Figures } from '../measure/rounds.ts';
import { cpuText } from './tables.ts';
import { type Target, targetsOf } from './targets.ts';

const WIDTH = 860;
const MARGIN = 24;
const LEFT = 240;
const RIGHT = 90;
const TOP = 66;
const ROW = 26;
const BAR = 16;
const PANEL_HEAD = 34;
const AXIS = 40;

/** Processor time per request as bars on a logarithmic scale, as an SVG image for light and dark pages. */
export function gatewayChart(all: readonly Figures[], { note }: { note: string }): string {
  const operations = [...new Set(all.map(({ operation }) => operation))];
  let y = TOP;
  const panels = operations.map((operation) => {
    const figures = all.filter((each) => each.operation === operation);
    const drawn = panel(operation, figures, y);
    y += PANEL_HEAD + figures.length * ROW + AXIS;
    return drawn;
  });
  const title = 'Processor time per request of GraphQL gateways over the same subgraphs';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="${title}">`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${y}"/>`,
    `<text class="title" x="${MARGIN}" y="30">${title}</text>`,
    `<text x="${MARGIN}" y="50">${escaped(note)} Diamonds: targets.</text>`,
    ...panels,
    '</svg>',
    '',
  ].join('\n');
}

const STYLE = `
  svg { --page: #fff; --ink: #1d2430; --muted: #667085; --grid: #e4e7ec; --own: #0f8a5f; --other: #2563eb; --bare: #98a2b3; }
  @media (prefers-color-scheme: dark) {
    svg { --page: #14181f; --ink: #e8ebf0; --muted: #98a2b3; --grid: #2b323d; --own: #4fd1a0; --other: #7aa7ff; --bare: #667085; } }
  text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--muted); }
  .page { fill: var(--page); } .title { font-size: 16px; font-weight: 600; fill: var(--ink); }
  .name { font-size: 13px; fill: var(--ink); } .value { font-size: 13px; font-weight: 600; fill: var(--ink); }
  .grid { stroke: var(--grid); } .target { fill: var(--page); stroke: var(--ink); stroke-width: 1.5; }
  .own { fill: var(--own); } .other { fill: var(--other); } .bare { fill: var(--bare); }
`;

function panel(operation: string, figures: readonly Figures[], top: number): string {
  const targets = targetsOf(figures);
  const times = [...figures, ...targets].map(({ cpuMs }) => cpuMs);
  const ticks = decades(Math.min(...times), Math.max(...times));
  const [from, to] = [ticks[0] ?? 0.01, ticks.at(-1) ?? 10];
  const inner = WIDTH - LEFT - RIGHT - MARGIN;
  const xOf = (cpuMs: number) =>
    Math.round(LEFT + (inner * Math.log(cpuMs / from)) / Math.log(to / from));
  const first = top + PANEL_HEAD;
  const bottom = first + figures.length * ROW;
  return [
    `<text class="value" x="${MARGIN}" y="${top + 20}">${escaped(operation)}</text>`,
    ...ticks.map(
      (tick) =>
        `<path class="grid" d="M${xOf(tick)} ${first - 6}V${bottom}"/><text x="${xOf(tick)}" y="${bottom + 16}" text-anchor="middle">${tick} ms</text>`,
    ),
    ...figures.map((row, index) => bar(row, { y: first + index * ROW, from, targets, xOf })),
  ].join('\n');
}

function bar(
  { contender, cpuMs }: Figures,
  {
    y,
    from,
    targets,
    xOf,
  }: { y: number; from: number; targets: readonly Target[]; xOf(cpuMs: number): number },
): string {
  const isOwn = contender === OWN;
  const marks = isOwn ? targets : [];
  const end = Math.max(xOf(cpuMs), ...marks.map((target) => xOf(target.cpuMs) + 6));
  const kind = isOwn ? 'own' : /^(bare|floor)/.test(contender) ? 'bare' : 'other';
  return [
    `<text class="name" x="${MARGIN}" y="${y + 13}">${escaped(contender)}</text>`,
    `<rect class="${kind}" x="${xOf(from)}" y="${y}" width="${Math.max(2, xOf(cpuMs) - xOf(from))}" height="${BAR}" rx="2"/>`,
    ...marks.map((target) => diamond(xOf(target.cpuMs), y + BAR / 2, target.text)),
    `<text class="value" x="${end + 8}" y="${y + 13}">${cpuText(cpuMs)} ms</text>`,
  ].join('');
}

function diamond(x: number, y: number, label: string): string {
  return `<path class="target" d="M${x} ${y - 6}l6 6l-6 6l-6 -6z"><title>${escaped(label)}</title></path>`;
}

function decades(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.max(first + 1, Math.ceil(Math.log10(high)));
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number((10 ** (first + index)).toPrecision(1)),
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
