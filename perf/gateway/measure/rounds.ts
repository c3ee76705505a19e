import type { Options } from '../options.ts';
import type { LoadGenerator } from './load-generator.ts';
import type { Outcome } from './load.ts';
import { usageOf } from '../../process-usage.ts';

/** What one contender needed for one operation: the median of its rounds. */
export type Figures = {
  contender: string;
  operation: string;
  /** Processor time of the contender's process, with everything that it started. */
  cpuMs: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  rssMb: number;
  /** Requests to subgraphs for each request of a client: less where equal ones in flight are shared. */
  calls: number;
  rounds: readonly Round[];
};

type Round = Pick<Figures, 'cpuMs' | 'perSecond' | 'p50Ms' | 'p99Ms' | 'rssMb' | 'calls'>;

/** Who is measured, and what the clients send. */
export type Runner = {
  name: string;
  port: number;
  path: string;
  pid: number;
  body: string;
  headers?: Readonly<Record<string, string>>;
  /** See `Order`. */
  areBytesDistinct: boolean;
};

/** Compilers of code need time, processor time: the same for everybody. */
const WARM_UP_SECONDS = 6;
/** Load comes in slices, between which we look how much processor time they took. */
const SLICE_SECONDS = 0.5;
/** A machine that is busy with other things is not waited for longer than so many times the time. */
const PATIENCE = 8;

/**
 * One after the other in each round, never two at once, so that whatever else the machine does
 * meets all of them. An answer that is not a success fails the bench.
 */
export async function measureInRounds({
  load,
  runners,
  operation,
  countCalls,
  options: { rounds, seconds, connections },
}: {
  load: LoadGenerator;
  runners: readonly Runner[];
  operation: string;
  /** How many requests the subgraphs have had. */
  countCalls: () => Promise<number>;
  options: Pick<Options, 'rounds' | 'seconds' | 'connections'>;
}): Promise<Figures[]> {
  const measure = (runner: Runner, duration: number) =>
    measureOnce(runner, { load, countCalls, connections, seconds: duration });
  for (const runner of runners) await measure(runner, WARM_UP_SECONDS);
  const all = new Map<Runner, Round[]>(runners.map((runner) => [runner, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [runner, measured] of all) {
      const one = await measure(runner, seconds);
      measured.push(one);
      console.log(
        `  round ${round}  ${runner.name}: ${one.cpuMs.toFixed(3)} ms of CPU per request`,
      );
    }
  }
  return [...all].map(([{ name }, measured]) => ({
    contender: name,
    operation,
    ...medians(measured),
    rounds: measured,
  }));
}

type Means = {
  load: LoadGenerator;
  countCalls: () => Promise<number>;
  connections: number;
  seconds: number;
};

/** Until the process has used `seconds` of processor time, or the machine has no more for it. */
async function measureOnce(
  { name, pid, ...runner }: Runner,
  { load, countCalls, connections, seconds }: Means,
): Promise<Round> {
  const slices: Outcome[] = [];
  const callsBefore = await countCalls();
  const before = usageOf(pid);
  const until = performance.now() + seconds * 1_000 * PATIENCE;
  let now = before;
  while (now.cpuMs - before.cpuMs < seconds * 1_000 && performance.now() < until) {
    slices.push(await load.run({ ...runner, connections, seconds: SLICE_SECONDS }));
    now = usageOf(pid);
  }
  const total = (of: (slice: Outcome) => number) => slices.reduce((sum, each) => sum + of(each), 0);
  const requests = total((slice) => slice.requests);
  const failed = total((slice) => slice.failed);
  if (failed > 0) throw new Error(`${name} failed ${failed} of ${requests} requests`);
  const latencies = Float64Array.from(slices.flatMap((slice) => slice.latenciesMs)).sort();
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  return {
    cpuMs: (now.cpuMs - before.cpuMs) / requests,
    perSecond: requests / total((slice) => slice.seconds),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    rssMb: now.rssMb,
    calls: ((await countCalls()) - callsBefore) / requests,
  };
}

function medians(rounds: readonly Round[]): Round {
  const of = (figure: keyof Round) => median(rounds.map((round) => round[figure]));
  return {
    cpuMs: of('cpuMs'),
    perSecond: of('perSecond'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    rssMb: of('rssMb'),
    calls: of('calls'),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
