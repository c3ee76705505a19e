import type { Operation } from '../graph/operations.ts';
import type { Options } from '../options.ts';
import type { Stage, Started } from '../stage.ts';
import { bodyOf } from './ask.ts';
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
  rounds: readonly Round[];
};

type Round = Pick<Figures, 'cpuMs' | 'perSecond' | 'p50Ms' | 'p99Ms' | 'rssMb'>;

const WARM_UP_SECONDS = 3;

/**
 * One after the other in each round, never two at once, so that whatever else the machine does
 * meets all of them. An answer that is not a success fails the bench.
 */
export async function measureInRounds({
  stage,
  taking,
  operation,
  options: { rounds, seconds, connections },
}: {
  stage: Stage;
  taking: readonly Started[];
  operation: Operation;
  options: Pick<Options, 'rounds' | 'seconds' | 'connections'>;
}): Promise<Figures[]> {
  const body = bodyOf(operation);
  const measure = (started: Started, duration: number) =>
    measureOnce(stage, { started, body, connections, seconds: duration });
  for (const started of taking) await measure(started, WARM_UP_SECONDS);
  const all = new Map<Started, Round[]>(taking.map((started) => [started, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [started, measured] of all) {
      const one = await measure(started, seconds);
      measured.push(one);
      const cpu = one.cpuMs.toFixed(3);
      console.log(`  round ${round}  ${started.contender.name}: ${cpu} ms of CPU per request`);
    }
  }
  return [...all].map(([{ contender }, measured]) => ({
    contender: contender.name,
    operation: operation.name,
    ...medians(measured),
    rounds: measured,
  }));
}

async function measureOnce(
  { load }: Stage,
  {
    started: { contender, port, pid },
    ...order
  }: { started: Started; body: string; connections: number; seconds: number },
): Promise<Round> {
  const before = usageOf(pid);
  const outcome: Outcome = await load.run({ port, path: contender.path, ...order });
  const after = usageOf(pid);
  const { requests, failed, seconds, p50Ms, p99Ms } = outcome;
  if (failed > 0) throw new Error(`${contender.name} failed ${failed} of ${requests} requests`);
  return {
    cpuMs: (after.cpuMs - before.cpuMs) / requests,
    perSecond: requests / seconds,
    p50Ms,
    p99Ms,
    rssMb: after.rssMb,
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
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
