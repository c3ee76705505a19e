import { textTable } from '../../planner/report/text-table.ts';
import type { Figures } from '../measure/rounds.ts';
import { cpuText } from './tables.ts';

const LEAST_SHARE = 0.85;

/** Cached answers beside the bare server, which is the last one; the target below. */
export function cachedTable(measured: readonly Figures[]): string {
  const bare = measured.at(-1);
  const rows = measured.map(({ contender, cpuMs, perSecond, p50Ms, p99Ms }) => [
    contender,
    `${cpuText(cpuMs)} ms`,
    Math.round(perSecond).toLocaleString('en'),
    `${p50Ms.toFixed(1)} ms`,
    `${p99Ms.toFixed(1)} ms`,
  ]);
  const heading = [measured[0]?.operation ?? '', 'CPU/request', 'requests/s', 'p50', 'p99'];
  const targets = measured.slice(0, -1).map(({ contender, perSecond, cpuMs }) => {
    const share = perSecond / (bare?.perSecond ?? 1);
    const byCpu = (bare?.cpuMs ?? 0) / cpuMs;
    const reached = share >= LEAST_SHARE ? 'reached' : 'MISSED';
    return `target ${percent(LEAST_SHARE)} of the bare server's throughput, ${contender}: ${percent(share)} (by processor time ${percent(byCpu)}): ${reached}`;
  });
  return [textTable([heading, ...rows]), ...targets].join('\n');
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
