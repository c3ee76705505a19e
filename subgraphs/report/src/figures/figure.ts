import type { KpiUnit } from '../resolvers/schema-types.ts';
import type { MeasureKey } from './unrolled-measures.ts';

/** A sum of measures, less those of `minus`, counted in `per` of them: 3600 seconds are an hour. */
export type Part = {
  readonly plus: readonly MeasureKey[];
  readonly minus?: readonly MeasureKey[];
  readonly per?: number;
};

/**
 * Which single stops a figure comes from (`f` is a row of report.stop_facts): those that `among`
 * keeps, the highest `worst` first. Null where no stop stands behind the number.
 */
export type Evidence = { readonly among?: string; readonly worst: string };

type Description = {
  readonly title: string;
  readonly unit: KpiUnit;
  /** Tells a reader what was counted, in words that match the measures. */
  readonly definition: string;
  readonly evidence: Evidence | null;
};

/** A number that reports and dashboards share, so that they can never disagree. */
export type Figure = Description &
  (
    | { readonly shape: 'ratio'; readonly numerator: Part; readonly denominator: Part }
    | { readonly shape: 'total'; readonly total: Part }
    | {
        readonly shape: 'quantile';
        readonly histogram: 'dwell_histogram' | 'eta_error_histogram';
        /** 0.9: nine of ten values are not above it. */
        readonly quantile: number;
        readonly observations: Part;
      }
  );

/** Every measure that a figure is made of. */
export function measuresOf(figure: Figure): readonly MeasureKey[] {
  switch (figure.shape) {
    case 'ratio':
      return [...ofPart(figure.numerator), ...ofPart(figure.denominator)];
    case 'total':
      return ofPart(figure.total);
    case 'quantile':
      return [figure.histogram, ...ofPart(figure.observations)];
  }
}

function ofPart({ plus, minus = [] }: Part): readonly MeasureKey[] {
  return [...plus, ...minus];
}

/** The value and the parts of a figure as SQL over columns named as its measures are. */
export function cellsOf(figure: Figure): { value: string; numerator: string; denominator: string } {
  switch (figure.shape) {
    case 'ratio': {
      const [numerator, denominator] = [partSql(figure.numerator), partSql(figure.denominator)];
      return { value: `${numerator} / nullif(${denominator}, 0)`, numerator, denominator };
    }
    case 'total':
      return { value: partSql(figure.total), numerator: 'null', denominator: 'null' };
    case 'quantile':
      return {
        value: `report.histogram_quantile("${figure.histogram}", ${figure.quantile})`,
        numerator: 'null',
        denominator: partSql(figure.observations),
      };
  }
}

/** The sum of nothing is 0: what cannot be known at all has no column, and no figure is made of it. */
function partSql({ plus, minus = [], per = 1 }: Part): string {
  const column = (key: MeasureKey) => `coalesce("${key}", 0)`;
  const sum = [plus.map(column).join(' + '), ...minus.map(column)].join(' - ');
  return per === 1 ? `(${sum})` : `((${sum}) / ${per}::float8)`;
}
