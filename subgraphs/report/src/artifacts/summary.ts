import type { ChartSpec } from '../figures/chart.ts';
import type { KpiValue } from '../figures/kpi-value.ts';

/** Everything that a report says besides its rows. */
export type Summary = {
  readonly title: string;
  readonly subject: string;
  readonly periodFrom: string;
  readonly periodTo: string;
  readonly dataAsOf: Date;
  readonly totals: readonly Total[];
  readonly charts: readonly ChartSpec[];
  readonly rowCount: number;
};

export type Total = KpiValue & { readonly title: string };
