import type { ReportKind } from '../storage/report-entity.ts';
import type { FigureKey } from './catalogue.ts';
import type { DimensionKey } from './dimension.ts';
import { dailyOperations } from './kinds/daily-operations.ts';
import { fleetUtilization } from './kinds/fleet-utilization.ts';
import { onTimeInFull } from './kinds/on-time-in-full.ts';

/** How rows are cut: figures by group, or one row per finished stop. */
export type Grouping =
  | { readonly rows: 'groups'; readonly by: readonly DimensionKey[]; readonly forPartners: boolean }
  | { readonly rows: 'stops'; readonly forPartners: boolean };

/** A chart of figures by one dimension; `limit` keeps the groups with the highest first figure. */
export type ChartPlan = {
  readonly title: string;
  readonly mark: 'line' | 'bar';
  readonly by: DimensionKey;
  readonly figures: readonly FigureKey[];
  readonly limit: number;
};

/** A kind of report as data: everything that the worker and the client's form need. */
export type KindDefinition = {
  readonly title: string;
  readonly description: string;
  /** False: the numbers are the operator's own business. */
  readonly forPartners: boolean;
  readonly groupings: Readonly<Record<string, Grouping>>;
  readonly defaultGroupBy: string;
  readonly columns: readonly FigureKey[];
  readonly totals: readonly FigureKey[];
  readonly charts: readonly ChartPlan[];
};

const kinds: Readonly<Record<ReportKind, KindDefinition>> = {
  DAILY_OPERATIONS: dailyOperations,
  ON_TIME_IN_FULL: onTimeInFull,
  FLEET_UTILIZATION: fleetUtilization,
};

/** The definition of a kind of report. */
export function kindOf(kind: ReportKind): KindDefinition {
  return kinds[kind];
}
