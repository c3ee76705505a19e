import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run bench:reports -- [export] [options]
Without \`export\`: a driver-by-day report from how it was to how it is, dashboard and scorecard.
With it: memory of an export of 5 million rows as CSV and JSONL.
  --scale S    0.04 to 1 of 6 million stops (default: 1)
  --fresh      builds the data anew; otherwise they are kept from run to run
  --out DIR    for results.json, steps.md and steps.svg (default: perf/reports/out)`;

export type Options = {
  readonly work: 'steps' | 'export';
  readonly scale: number;
  readonly isFresh: boolean;
  readonly out: string;
};

const SMALLEST = 0.04;

/** null: nobody can tell what is meant, or help is asked for. */
export function readOptions(args: readonly string[]): Options | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        scale: { type: 'string', default: '1' },
        fresh: { type: 'boolean', default: false },
        out: { type: 'string', default: fileURLToPath(new URL('./out/', import.meta.url)) },
        help: { type: 'boolean', default: false },
      },
    });
    const scale = Number(values.scale);
    const isKnown =
      positionals.length === 0 || (positionals.length === 1 && positionals[0] === 'export');
    if (values.help || !isKnown || !(scale >= SMALLEST && scale <= 1)) return null;
    return {
      work: positionals.length === 0 ? 'steps' : 'export',
      scale,
      isFresh: values.fresh,
      out: values.out,
    };
  } catch {
    return null;
  }
}
