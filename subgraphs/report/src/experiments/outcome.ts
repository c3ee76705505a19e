import { figureOf } from '../figures/catalogue.ts';
import type { ExperimentMetric, ExperimentOutcome } from '../resolvers/schema-types.ts';
import type { Difference } from './difference.ts';
import { differenceOf, intervalOf, twoSidedP } from './difference.ts';
import { holm } from './holm.ts';
import type { Metric, Variant } from './metric.ts';
import { metrics } from './metric.ts';
import type { Sample, Samples } from './sample.ts';
import { verdictOf } from './verdict.ts';

/** Differences that chance makes in one of twenty experiments are not told from it. */
const CONFIDENCE = 0.95;

/** Compares every variant with the control, by every metric. */
export function outcomeOf(
  { computedAt, samples }: Samples,
  variants: readonly Variant[],
): ExperimentOutcome {
  const measured = metrics.flatMap((metric) => {
    const known = samples.filter(({ figure }) => figure === metric.figure);
    return measuredBy(metric, known, variants);
  });
  return { computedAt, metrics: measured, verdict: verdictOf(measured, variants) };
}

function measuredBy(
  { figure, isGuardrail }: Metric,
  samples: readonly Sample[],
  variants: readonly Variant[],
): ExperimentMetric[] {
  const sampleOf = ({ key }: Variant) => samples.find(({ variantKey }) => variantKey === key);
  const control = variants.find(({ isControl }) => isControl);
  const controlSample = control && sampleOf(control);
  const found = controlFirst(variants).flatMap((variant) => sampleOf(variant) ?? []);
  const comparisons = compare(found, controlSample);
  return found.map(({ variantKey, days, pairs }) => ({
    key: figure,
    title: figureOf(figure).title,
    unit: figureOf(figure).unit,
    variantKey,
    n: pairs?.n ?? days.n,
    mean: days.mean,
    ...(comparisons.get(variantKey) ?? INCOMPARABLE),
    isGuardrail,
  }));
}

type Comparison = Pick<ExperimentMetric, 'deltaVsControl' | 'ciLow' | 'ciHigh' | 'pValue'>;

const INCOMPARABLE = { deltaVsControl: null, ciLow: null, ciHigh: null, pValue: null };

function compare(
  samples: readonly Sample[],
  control: Sample | undefined,
): ReadonlyMap<string, Comparison> {
  if (control === undefined) return new Map();
  const differences = samples
    .filter((sample) => sample !== control)
    .map((sample) => ({ variantKey: sample.variantKey, is: differenceOf(sample, control) }))
    .filter(
      (difference): difference is { variantKey: string; is: Difference } => difference.is !== null,
    );
  const pValues = holm(differences.map(({ is }) => twoSidedP(is)));
  // Bonferroni: an interval each, so narrow that all of them hold at once.
  const confidence = 1 - (1 - CONFIDENCE) / Math.max(1, differences.length);
  return new Map(
    differences.map(({ variantKey, is }, place) => {
      const [ciLow, ciHigh] = intervalOf(is, confidence);
      return [variantKey, { deltaVsControl: is.delta, ciLow, ciHigh, pValue: pValues[place] ?? 1 }];
    }),
  );
}

function controlFirst(variants: readonly Variant[]): Variant[] {
  return variants.toSorted((a, b) => Number(b.isControl) - Number(a.isControl));
}
