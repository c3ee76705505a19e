import { textTable } from '../planner/report/text-table.ts';
import type { ServerFigures } from './measure-server.ts';

export type FieldFigures = { field: string; gateway: ServerFigures; bare: ServerFigures };

const HEADING = [
  'subscribers',
  'CPU/delivery',
  'last told p50',
  'p99',
  'idle subscriber',
  'undelivered',
];
const MOST_TIMES_BARE = 2;
const MOST_KB = 20;

/** The gateway beside the bare broadcast, with the targets below. */
export function terminalTable(measured: readonly FieldFigures[]): string {
  const rows = measured.flatMap(({ field, gateway, bare }) => [
    [field, ...cellsOf(gateway)],
    ['  bare broadcast', ...cellsOf(bare)],
  ]);
  const targets = measured.flatMap(targetsOf).map((text) => `target ${text}`);
  return [textTable([['', ...HEADING], ...rows]), ...targets].join('\n');
}

/** For a README. */
export function markdownTable(measured: readonly FieldFigures[]): string {
  const rows = measured.flatMap(({ field, gateway, bare }) => [
    [`\`${field}\``, ...cellsOf(gateway)],
    ['bare broadcast', ...cellsOf(bare)],
  ]);
  return [
    `| | ${HEADING.join(' | ')} |`,
    '| --- | --: | --: | --: | --: | --: | --: |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    ...measured.flatMap(targetsOf).map((text) => `- target ${text}`),
    '',
  ].join('\n');
}

/** What is to be reached, and whether it is. */
export function targetsOf({ field, gateway, bare }: FieldFigures): string[] {
  const times = gateway.cpuMicrosecondsPerDelivery / bare.cpuMicrosecondsPerDelivery;
  const kb = gateway.idleKbPerSubscriber;
  const reached = (isReached: boolean) => (isReached ? 'reached' : 'MISSED');
  return [
    `${field}: CPU per delivery within ${MOST_TIMES_BARE} times of a bare broadcast: ${times.toFixed(1)} times: ${reached(times <= MOST_TIMES_BARE)}`,
    `${field}: under ${MOST_KB} kB per idle subscriber: ${kb.toFixed(1)} kB: ${reached(kb < MOST_KB)}`,
  ];
}

function cellsOf(figures: ServerFigures): string[] {
  return [
    figures.subscribers.toLocaleString('en'),
    `${figures.cpuMicrosecondsPerDelivery.toFixed(1)} µs`,
    `${Math.round(figures.lastP50Ms)} ms`,
    `${Math.round(figures.lastP99Ms)} ms`,
    `${figures.idleKbPerSubscriber.toFixed(1)} kB`,
    String(figures.undelivered),
  ];
}
