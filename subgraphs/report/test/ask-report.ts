import assert from 'node:assert/strict';

import type { ChartSpec } from '../src/figures/chart.ts';
import type { Cells, ReportColumn } from '../src/figures/column.ts';
import type { KpiValue } from '../src/figures/kpi-value.ts';
import type { Query } from '../src/figures/measure.ts';
import { measure } from '../src/figures/measure.ts';
import { readParameters } from '../src/figures/parameters.ts';
import { reportCharts } from '../src/figures/report-charts.ts';
import { questionOf, reportTable, reportTotals } from '../src/figures/report-question.ts';
import type { Reading } from '../src/figures/source.ts';
import type { ReportKind } from '../src/storage/report-entity.ts';
import { numbered } from '../src/storage/sql.ts';
import type { World } from './world.ts';

export type Ask = {
  readonly kind: ReportKind;
  readonly reading: Reading;
  readonly parameters?: Record<string, unknown>;
  /** The partner that the report is about, as that partner would ask for it. */
  readonly partner?: 0 | 1;
  readonly days?: { readonly from: string; readonly to: string };
};

export type Answer = {
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly Cells[];
  readonly totals: readonly KpiValue[];
  readonly charts: readonly ChartSpec[];
};

/** What a report about North says, by the statements that a worker runs. */
export async function askReport(world: World, ask: Ask): Promise<Answer> {
  const { kind, reading, partner, days = { from: '2026-11-10', to: '2026-11-10' } } = ask;
  const { north } = world;
  const read = readParameters(kind, ask.parameters ?? {}, { forPartner: partner !== undefined });
  assert.ok('parameters' in read, JSON.stringify(read));
  const question = questionOf({
    kind,
    organizationId: north.id,
    subjectType: partner === undefined ? 'organization' : 'partner',
    subjectId: partner === undefined ? north.id : north.partners[partner],
    periodFrom: days.from,
    periodTo: days.to,
    parameters: read.parameters,
  });
  const query = queryOf(world);
  const { columns, statement, conclude } = reportTable(question, { reading, limit: 1_000 });
  const rows = await query(statement);
  return {
    columns,
    rows: conclude === undefined ? (rows as readonly Cells[]) : conclude(rows),
    totals: await measure(query, reportTotals(question, reading)),
    charts: await reportCharts(query, question, reading),
  };
}

export type Question = Omit<Ask, 'reading'>;

/** From roll-ups and from facts, which have to say the same. */
export async function askTwice(world: World, question: Question): Promise<Answer> {
  const [summed, single] = await Promise.all(
    (['roll-ups', 'facts'] satisfies Reading[]).map((reading) =>
      askReport(world, { ...question, reading }),
    ),
  );
  assert.deepEqual(summed, single);
  return summed as Answer;
}

/** Runs composed SQL on the connection of a world. */
export function queryOf({ sql }: Pick<World, 'sql'>): Query {
  return async (statement) => {
    const { rows } = await sql.query<Record<string, unknown>>(numbered(statement), [
      ...statement.values,
    ]);
    return rows;
  };
}
