import jstat from 'jstat';

import type { Sample, Spread } from './sample.ts';

/** A difference of means with what its t statistic is judged by. */
export type Difference = {
  /** Depot-days of the treatment, or pairs. */
  readonly n: number;
  readonly delta: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
};

/** The difference of a treatment to the control; null where fewer than two values are known of one. */
export function differenceOf(treatment: Sample, control: Sample): Difference | null {
  return treatment.pairs === null
    ? welch(treatment.days, control.days)
    : paired(treatment.pairs, Math.max(Math.abs(treatment.days.mean), Math.abs(control.days.mean)));
}

/** Welch (1947): the variances may differ, and so may the numbers. */
function welch(treatment: Spread, control: Spread): Difference | null {
  if (treatment.variance === null || control.variance === null) return null;
  const [a, b] = [treatment.variance / treatment.n, control.variance / control.n];
  const freedom = (a + b) ** 2 / (a ** 2 / (treatment.n - 1) + b ** 2 / (control.n - 1));
  const size = Math.max(Math.abs(treatment.mean), Math.abs(control.mean));
  return {
    n: treatment.n,
    delta: withoutNoise(treatment.mean - control.mean, size),
    standardError: Math.sqrt(a + b),
    degreesOfFreedom: a + b === 0 ? treatment.n + control.n - 2 : freedom,
  };
}

function paired({ n, mean, variance }: Spread, size: number): Difference | null {
  if (variance === null) return null;
  const delta = withoutNoise(mean, size);
  return { n, delta, standardError: Math.sqrt(variance / n), degreesOfFreedom: n - 1 };
}

/** Means of equal values differ in their last bits, and values without variance forgive nothing. */
function withoutNoise(delta: number, size: number): number {
  return Math.abs(delta) <= size * 1e-12 ? 0 : delta;
}

/** The chance of a difference at least as large, either way, if there were none. */
export function twoSidedP({ delta, standardError, degreesOfFreedom }: Difference): number {
  if (delta === 0) return 1;
  if (standardError === 0) return 0;
  return Math.min(1, 2 * jstat.studentt.cdf(-Math.abs(delta / standardError), degreesOfFreedom));
}

/** Bounds that hold the true difference in `confidence` of all experiments. */
export function intervalOf(
  difference: Difference,
  confidence: number,
): [low: number, high: number] {
  const { delta, standardError, degreesOfFreedom } = difference;
  const width = standardError * jstat.studentt.inv((1 + confidence) / 2, degreesOfFreedom);
  return [delta - width, delta + width];
}
