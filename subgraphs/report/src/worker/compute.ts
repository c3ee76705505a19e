import type { Summary } from '../artifacts/summary.ts';
import { dataAsOf } from '../facts/data-as-of.ts';
import { figureOf } from '../figures/catalogue.ts';
import type { FigureKey } from '../figures/catalogue.ts';
import type { Cells } from '../figures/column.ts';
import { measure } from '../figures/measure.ts';
import { readingOf } from '../figures/reading.ts';
import { reportCharts } from '../figures/report-charts.ts';
import type { ReportQuestion } from '../figures/report-question.ts';
import { questionOf, reportTable, reportTotals } from '../figures/report-question.ts';
import type { Table } from '../figures/tabulate.ts';
import type { Report } from '../storage/report-entity.ts';
import { describeSubject } from './describe-subject.ts';
import type { Output } from './output.ts';
import type { ProgressTeller } from './progress.ts';
import type { Reader } from './reader.ts';
import { ReportFailure } from './report-failure.ts';

/** How many rows a report may have: groups are for people, exports for programs. */
export type RowLimits = { readonly maxRows: number; readonly maxExportRows: number };

type Computing = {
  readonly limits: RowLimits;
  readonly progress: ProgressTeller;
  readonly output: Output;
};

/** Reads everything that a report says from one snapshot; its rows go to `output` as they come. */
export async function computeReport(
  reader: Reader,
  report: Report,
  { limits, progress, output }: Computing,
): Promise<Summary> {
  const { organizationId } = report;
  const question = questionOf(report);
  const { period, previous, kind } = question;
  const periods = previous === null ? [period] : [period, previous];
  const reading = await readingOf(reader.query, { organizationId, periods });
  const { name: subject, ...settings } = await describeSubject(reader.query, report);
  const maxRows = rowLimitOf(question, limits);
  const table = reportTable(question, { reading, limit: maxRows + 1 });
  output.open(table.columns, settings);
  const rowCount = await passRows(reader, table, { maxRows, progress, output });
  await progress.enter('AGGREGATING');
  const totals = await measure(reader.query, reportTotals(question, reading));
  return {
    title: kind.title,
    subject,
    periodFrom: period.from,
    periodTo: period.to,
    dataAsOf: await dataAsOf(reader.query, organizationId),
    totals: totals.map((total) => ({ ...total, title: titleOf(total.key) })),
    charts: await reportCharts(reader.query, question, reading),
    rowCount,
  };
}

function rowLimitOf({ kind, parameters }: ReportQuestion, limits: RowLimits): number {
  const isList = kind.groupings[parameters.groupBy]?.rows === 'list';
  return isList ? limits.maxExportRows : limits.maxRows;
}

async function passRows(
  reader: Reader,
  table: Table,
  { maxRows, progress, output }: Omit<Computing, 'limits'> & { maxRows: number },
): Promise<number> {
  let count = 0;
  for await (const rows of rowsOf(reader, table)) {
    if (count + rows.length > maxRows) throw tooLarge(maxRows);
    await output.take(rows as readonly Cells[]);
    count += rows.length;
    await progress.rows(count, null);
  }
  return count;
}

async function* rowsOf(
  reader: Reader,
  { statement, conclude }: Table,
): AsyncIterable<readonly Record<string, unknown>[]> {
  if (conclude === undefined) yield* reader.batches(statement);
  else yield conclude(await reader.query(statement));
}

function tooLarge(maxRows: number): ReportFailure {
  return new ReportFailure(
    'TOO_LARGE',
    `The report has more than ${maxRows} rows; ask for a shorter period or larger groups`,
  );
}

function titleOf(key: string): string {
  return figureOf(key as FigureKey).title;
}
