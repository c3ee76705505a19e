import type { KpiUnit } from '../resolvers/schema-types.ts';

/** Where a part of a figure is counted: finished stops, finished routes or planned shifts. */
export type Facts = 'stops' | 'routes' | 'shifts';

/** An SQL aggregate over one kind of facts; the aliases of its tables are in facts.ts. */
export type Part = { readonly facts: Facts; readonly sql: string };

type Description = {
  readonly title: string;
  readonly unit: KpiUnit;
  /** Tells a reader what was counted, in words that match the SQL. */
  readonly definition: string;
};

/** A number that reports and dashboards share, so that they can never disagree. */
export type Figure = Description &
  (
    | { readonly shape: 'ratio'; readonly numerator: Part; readonly denominator: Part }
    | { readonly shape: 'total'; readonly total: Part }
    | { readonly shape: 'quantile'; readonly value: Part; readonly observations: Part }
  );

/** The named parts of a figure: `n`umerator, `d`enominator, `v`alue. */
export function partsOf(figure: Figure): readonly { suffix: 'n' | 'd' | 'v'; part: Part }[] {
  switch (figure.shape) {
    case 'ratio':
      return [
        { suffix: 'n', part: figure.numerator },
        { suffix: 'd', part: figure.denominator },
      ];
    case 'total':
      return [{ suffix: 'v', part: figure.total }];
    case 'quantile':
      return [
        { suffix: 'v', part: figure.value },
        { suffix: 'd', part: figure.observations },
      ];
  }
}
