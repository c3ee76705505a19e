import type { ExperimentMetric, ExperimentVerdict } from '../resolvers/schema-types.ts';
import type { Metric, Variant } from './metric.ts';
import { metrics, PRIMARY } from './metric.ts';

/** Fewer depot-days say something about those days only. */
export const MINIMUM_DAYS = 8;

const SIGNIFICANT = 0.05;

/**
 * By the primary metric, and by guardrails that a winner may not break. Of several treatments one
 * that wins is enough, while the control has to beat all of them.
 */
export function verdictOf(
  measured: readonly ExperimentMetric[],
  variants: readonly Variant[],
): ExperimentVerdict {
  const of = (variantKey: string, { figure }: Metric) =>
    measured.find((found) => found.key === figure && found.variantKey === variantKey);
  const isKnown = ({ key }: Variant) => (of(key, PRIMARY)?.n ?? 0) >= MINIMUM_DAYS;
  if (variants.length < 2 || !variants.every(isKnown)) return 'INSUFFICIENT_DATA';

  const treatments = variants.filter(({ isControl }) => !isControl);
  const guardrails = metrics.filter(({ isGuardrail }) => isGuardrail);
  const breaks = ({ key }: Variant) =>
    guardrails.some((guardrail) => effectOf(of(key, guardrail), guardrail) === 'WORSE');
  const effects = treatments.map((treatment) => ({
    effect: effectOf(of(treatment.key, PRIMARY), PRIMARY),
    isBroken: breaks(treatment),
  }));
  if (effects.some(({ effect, isBroken }) => effect === 'BETTER' && !isBroken)) {
    return 'TREATMENT_BETTER';
  }
  if (effects.some(({ isBroken }) => isBroken)) return 'GUARDRAIL_BROKEN';
  return effects.every(({ effect }) => effect === 'WORSE') ? 'CONTROL_BETTER' : 'NO_DIFFERENCE';
}

/** What can be told from chance, and which way it goes. */
function effectOf(
  measured: ExperimentMetric | undefined,
  { better }: Metric,
): 'BETTER' | 'WORSE' | 'NONE' {
  const { n = 0, pValue = null, deltaVsControl = null } = measured ?? {};
  if (n < MINIMUM_DAYS || pValue === null || deltaVsControl === null) return 'NONE';
  if (pValue >= SIGNIFICANT) return 'NONE';
  return deltaVsControl < 0 === (better === 'LOWER') ? 'BETTER' : 'WORSE';
}
