import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run bench:gateway -- [options]
Gateways over the same four subgraphs: processor time per request, throughput, latency, memory.
  --rounds N        interleaved rounds, of which the median counts (default: 5)
  --seconds S       of processor time for each gateway, operation and round (default: 3)
  --connections N   open at the same time (default: 50)
  --only TEXT       only gateways whose name contains one of these, separated by commas
  --cached          instead: an answer from our cache beside a bare server that sends the same bytes
  --memory          instead: 100,000 distinct and a million equal requests to our gateway
  --out DIR         for results.json, gateway.md and gateway.svg (default: perf/gateway/out)`;

export type Options = {
  readonly work: 'compare' | 'cached' | 'memory';
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  /** Empty: all. */
  readonly only: readonly string[];
  readonly out: string;
};

/** null: nobody can tell what is meant, or help is asked for. */
export function readOptions(args: readonly string[]): Options | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '3' },
        connections: { type: 'string', default: '50' },
        only: { type: 'string', default: '' },
        cached: { type: 'boolean', default: false },
        memory: { type: 'boolean', default: false },
        out: { type: 'string', default: fileURLToPath(new URL('./out/', import.meta.url)) },
        help: { type: 'boolean', default: false },
      },
    });
    const [rounds, seconds, connections] = [values.rounds, values.seconds, values.connections].map(
      Number,
    );
    if (values.help || !isWithin(rounds, 1, 100)) return null;
    if (!isWithin(seconds, 0.5, 600) || !isWithin(connections, 1, 500)) return null;
    return {
      work: values.memory ? 'memory' : values.cached ? 'cached' : 'compare',
      rounds: Math.floor(rounds),
      seconds,
      connections: Math.floor(connections),
      only: values.only.split(',').filter((name) => name !== ''),
      out: values.out,
    };
  } catch {
    return null;
  }
}

function isWithin(number: number | undefined, least: number, most: number): number is number {
  return number !== undefined && number >= least && number <= most;
}
