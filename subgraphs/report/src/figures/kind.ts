import type { ReportKind, SubjectType } from '../storage/report-entity.ts';
import type { FigureKey } from './catalogue.ts';
import type { DimensionKey } from './dimension.ts';
import { costToServe } from './kinds/cost-to-serve.ts';
import { dailyOperations } from './kinds/daily-operations.ts';
import { driverScorecard } from './kinds/driver-scorecard.ts';
import { dwellAndDetention } from './kinds/dwell-and-detention.ts';
import { emissions } from './kinds/emissions.ts';
import { etaAccuracy } from './kinds/eta-accuracy.ts';
import { exceptions } from './kinds/exceptions.ts';
import { experimentOutcome } from './kinds/experiment-outcome.ts';
import { fleetUtilization } from './kinds/fleet-utilization.ts';
import { onTimeInFull } from './kinds/on-time-in-full.ts';
import { orderExport } from './kinds/order-export.ts';
import { planVsActual } from './kinds/plan-vs-actual.ts';
import type { ReportParameters } from './parameters.ts';
import type { Period } from './period.ts';
import type { Scope } from './scope.ts';
import type { Reading } from './source.ts';
import type { Table } from './tabulate.ts';

/** How rows are cut: figures by group, or a list of its own, such as one row per stop. */
export type Grouping =
  | { readonly rows: 'groups'; readonly by: readonly DimensionKey[]; readonly forPartners: boolean }
  | { readonly rows: 'list'; readonly list: Listing; readonly forPartners: boolean };

/** What a list is made for. */
export type ListRequest = {
  readonly scope: Scope;
  readonly period: Period;
  readonly parameters: ReportParameters;
  readonly reading: Reading;
  readonly limit: number;
};

export type Listing = (request: ListRequest) => Table;

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
  /** What it can be about. */
  readonly subjects: readonly SubjectType[];
  readonly groupings: Readonly<Record<string, Grouping>>;
  readonly defaultGroupBy: string;
  /** Parameters that only this kind has: JSON Schema of each, and which have to be given. */
  readonly ownParameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly requiredParameters?: readonly string[];
  /** Groups below it are left out unless the client says otherwise. */
  readonly defaultMinimumStops?: number;
  readonly columns: readonly FigureKey[];
  readonly totals: readonly FigureKey[];
  readonly charts: readonly ChartPlan[];
};

const kinds: Readonly<Record<ReportKind, KindDefinition>> = {
  DAILY_OPERATIONS: dailyOperations,
  ON_TIME_IN_FULL: onTimeInFull,
  COST_TO_SERVE: costToServe,
  FLEET_UTILIZATION: fleetUtilization,
  DWELL_AND_DETENTION: dwellAndDetention,
  DRIVER_SCORECARD: driverScorecard,
  EXCEPTIONS: exceptions,
  EMISSIONS: emissions,
  PLAN_VS_ACTUAL: planVsActual,
  ETA_ACCURACY: etaAccuracy,
  EXPERIMENT_OUTCOME: experimentOutcome,
  ORDER_EXPORT: orderExport,
};

/** The definition of a kind of report. */
export function kindOf(kind: ReportKind): KindDefinition {
  return kinds[kind];
}
