import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FIELDS, type FieldName } from './fields.ts';

export const USAGE = `Usage: npm run bench:live -- [options]
Many subscribers of one gateway process: time from commit to last delivery, processor time and memory,
beside a bare broadcast of the same bytes.
  --subscribers N   open at the same time (default: 10000)
  --events N        of which each subscriber is told (default: 30)
  --field NAME      only ${FIELDS.map(({ name }) => name).join(' or ')} (default: both)
  --out DIR         for results.json and live.md (default: perf/live/out)`;

export type Options = {
  readonly subscribers: number;
  readonly events: number;
  readonly fields: readonly FieldName[];
  readonly out: string;
};

const MOST_SUBSCRIBERS = 15_000;

/** null: nobody can tell what is meant, or help is asked for. */
export function readOptions(args: readonly string[]): Options | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        subscribers: { type: 'string', default: '10000' },
        events: { type: 'string', default: '30' },
        field: { type: 'string' },
        out: { type: 'string', default: fileURLToPath(new URL('./out/', import.meta.url)) },
        help: { type: 'boolean', default: false },
      },
    });
    const names = FIELDS.map(({ name }) => name);
    const fields = names.filter((name) => values.field === undefined || name === values.field);
    const subscribers = Number(values.subscribers);
    const events = Number(values.events);
    if (values.help || fields.length === 0) return null;
    if (!isWithin(subscribers, MOST_SUBSCRIBERS) || !isWithin(events, 10_000)) return null;
    return { subscribers, events, fields, out: values.out };
  } catch {
    return null;
  }
}

function isWithin(number: number, most: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= most;
}
