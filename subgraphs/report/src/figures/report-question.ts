import { decodeId } from '@quantumroute/schema/ids';

import type { Report } from '../storage/report-entity.ts';
import type { KindDefinition } from './kind.ts';
import { kindOf } from './kind.ts';
import type { Measurement } from './measure.ts';
import type { ReportParameters } from './parameters.ts';
import type { Period } from './period.ts';
import { comparedPeriod } from './period.ts';
import type { Scope } from './scope.ts';
import type { Reading } from './source.ts';
import { countable } from './sourced.ts';
import type { Table } from './tabulate.ts';
import { tabulate } from './tabulate.ts';

/** What a report has to answer: of whom, about when, how it is cut and compared. */
export type ReportQuestion = {
  readonly kind: KindDefinition;
  readonly scope: Scope;
  readonly period: Period;
  readonly previous: Period | null;
  readonly parameters: ReportParameters;
};

/** The question that a stored request asks. */
export function questionOf(
  report: Pick<
    Report,
    | 'kind'
    | 'organizationId'
    | 'subjectType'
    | 'subjectId'
    | 'periodFrom'
    | 'periodTo'
    | 'parameters'
  >,
): ReportQuestion {
  // Checked against the schema of the kind when the report was requested.
  const parameters = report.parameters as ReportParameters;
  const period = { from: report.periodFrom, to: report.periodTo };
  return {
    kind: kindOf(report.kind),
    scope: scopeOf(report, parameters),
    period,
    previous: comparedPeriod(period, parameters.compareTo),
    parameters,
  };
}

/** The table of a report: its columns and the one statement that yields its rows. */
export function reportTable(
  { kind, scope, period, parameters }: ReportQuestion,
  { reading, limit }: { reading: Reading; limit: number },
): Table {
  const grouping = kind.groupings[parameters.groupBy];
  if (grouping === undefined) throw new TypeError(`No grouping ${parameters.groupBy} in this kind`);
  if (grouping.rows === 'list') return grouping.list({ scope, period, parameters, reading, limit });
  const { columns: figures } = kind;
  const { minimumStops = 0 } = parameters;
  const dimensions = grouping.by;
  return tabulate({ scope, period, dimensions, figures, minimumStops, reading, limit });
}

/** What has to be measured for the totals; figures that cannot be counted are left out. */
export function reportTotals(
  { kind, scope, period, previous }: ReportQuestion,
  reading: Reading,
): Measurement {
  const figures = countable(kind.totals, { scope, dimensions: [], reading });
  return { scope, present: period, previous, figures, reading };
}

function scopeOf(
  { organizationId, subjectType, subjectId }: Parameters<typeof questionOf>[0],
  { experimentId }: ReportParameters,
): Scope {
  const narrow =
    subjectType === 'organization'
      ? { by: 'organization' as const }
      : { by: subjectType, id: subjectId };
  const experiment = experimentId === undefined ? null : decodeId('experiment', experimentId);
  return { organizationId, narrow, ...(experiment === null ? {} : { experimentId: experiment }) };
}
