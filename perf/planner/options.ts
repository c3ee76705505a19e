import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Convention } from './convention.ts';
import { SEARCHES, type AlgorithmName } from './engine.ts';

export const USAGE = `Usage: npm run bench:planner -- [options]
Without options: the generated instances of the repository, then large problems for speed and memory.
  --instances DIR       files of Solomon, Homberger, Li & Lim or CVRPLIB, in DIR or below it
  --best-known FILE     comma-separated: instance, family, vehicles, distance, objective
  --algorithms LIST     ${Object.keys(SEARCHES).join(', ')}
  --seconds LIST        CPU seconds of one thread (default: 0.5,1,3; with --instances 1,5,10)
  --seeds LIST          (default: 1; with --instances 1,2)
  --only REGEX          instances whose name or class matches
  --jobs N              runs at a time (default: 1)
  --out DIR             for results.json and gap-against-time.svg (default: perf/planner/out)
  --keep-best           write better values of generated instances into the repository's file
  --convention NAME     dimacs or sintef, for the sets with time windows (default: dimacs)`;

export type Options = {
  readonly instances: string | null;
  readonly bestKnown: string | null;
  readonly algorithms: readonly AlgorithmName[];
  readonly seconds: readonly number[];
  readonly seeds: readonly number[];
  /** Runs at a time. */
  readonly jobs: number;
  /** The folder for results. */
  readonly out: string;
  readonly keepBest: boolean;
  readonly only: RegExp | null;
  /** null: what each set is usually published in. */
  readonly convention: Convention | null;
};

/** What is wrong with the command line, in one sentence. */
export class WrongOption extends Error {}

/** Throws `WrongOption`. */
export function readOptions(args: readonly string[]): Options | 'HELP' {
  const values = valuesOf(args);
  if (values.help) return 'HELP';
  refuseUseless(values);
  const defaults = values.instances === undefined ? QUICK : THOROUGH;
  return {
    instances: values.instances ?? null,
    bestKnown: values['best-known'] ?? null,
    algorithms: values.algorithms?.split(',').map(algorithmNamed) ?? ALGORITHMS,
    seconds: positiveNumbers('--seconds', values.seconds ?? defaults.seconds),
    seeds: positiveNumbers('--seeds', values.seeds ?? defaults.seeds, Number.isSafeInteger),
    jobs: positiveNumbers('--jobs', values.jobs, Number.isSafeInteger)[0] ?? 1,
    out: values.out ?? OUT,
    keepBest: values['keep-best'],
    only: values.only === undefined ? null : pattern(values.only),
    convention: values.convention === undefined ? null : conventionNamed(values.convention),
  };
}

/** A few minutes for the generated instances. */
const QUICK = { seconds: '0.5,1,3', seeds: '1' };
const THOROUGH = { seconds: '1,5,10', seeds: '1,2' };
const OUT = fileURLToPath(new URL('./out/', import.meta.url));
const ALGORITHMS = Object.keys(SEARCHES) as AlgorithmName[];

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', default: false },
        instances: { type: 'string' },
        'best-known': { type: 'string' },
        algorithms: { type: 'string' },
        seconds: { type: 'string' },
        seeds: { type: 'string' },
        only: { type: 'string' },
        jobs: { type: 'string', default: '1' },
        out: { type: 'string' },
        'keep-best': { type: 'boolean', default: false },
        convention: { type: 'string' },
      },
    }).values;
  } catch (error) {
    const [sentence] = (error as Error).message.split('\n');
    throw new WrongOption(sentence, { cause: error });
  }
}

/** An option that would change nothing was meant to change something. */
function refuseUseless(values: ReturnType<typeof valuesOf>): void {
  if (values.instances === undefined) {
    if (values['best-known'] !== undefined) throw new WrongOption('--best-known needs --instances');
    if (values.convention !== undefined) throw new WrongOption('--convention needs --instances');
  } else if (values['keep-best']) {
    throw new WrongOption('--keep-best is for generated instances, not for --instances');
  }
}

function algorithmNamed(name: string): AlgorithmName {
  const found = ALGORITHMS.find((algorithm) => algorithm === name);
  if (found !== undefined) return found;
  throw new WrongOption(`--algorithms: expected any of ${ALGORITHMS.join(', ')}, got "${name}"`);
}

function positiveNumbers(option: string, list: string, isAllowed = Number.isFinite): number[] {
  return list.split(',').map((text) => {
    const number = Number(text);
    if (isAllowed(number) && number > 0) return number;
    const kind = isAllowed === Number.isFinite ? 'positive' : 'positive whole';
    throw new WrongOption(`${option}: expected ${kind} numbers, got "${text}"`);
  });
}

function pattern(source: string): RegExp {
  try {
    return new RegExp(source, 'i');
  } catch (error) {
    throw new WrongOption(`--only: ${(error as Error).message}`, { cause: error });
  }
}

function conventionNamed(name: string): Convention {
  if (name === 'dimacs') return 'DIMACS';
  if (name === 'sintef') return 'SINTEF';
  throw new WrongOption(`--convention: expected dimacs or sintef, got "${name}"`);
}
