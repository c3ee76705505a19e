import type { FigureKey } from '../figures/catalogue.ts';

/** A variant of an experiment, as route tells it. */
export type Variant = { readonly key: string; readonly isControl: boolean };

/** A figure of the catalogue by which the depot-days of variants are compared. */
export type Metric = {
  readonly figure: FigureKey;
  readonly better: 'LOWER' | 'HIGHER';
  /** True: a variant that is worse by it cannot win. */
  readonly isGuardrail: boolean;
};

const lower = { better: 'LOWER', isGuardrail: false } as const;

/** The first is the one that decides. */
export const metrics = [
  { figure: 'variantCostPerOrder', ...lower },
  { figure: 'variantDistancePerOrder', ...lower },
  { figure: 'variantTimePerOrder', ...lower },
  { figure: 'variantVehicles', ...lower },
  { figure: 'variantComputeTime', ...lower },
  { figure: 'variantUnassigned', better: 'LOWER', isGuardrail: true },
  { figure: 'onTime', better: 'HIGHER', isGuardrail: true },
] as const satisfies readonly Metric[];

export const PRIMARY: Metric = metrics[0];
