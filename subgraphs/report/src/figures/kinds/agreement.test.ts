import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { encodeId } from '@quantumroute/schema/ids';

import type { Answer } from '../../../test/ask-report.ts';
import { askReport } from '../../../test/ask-report.ts';
import { insertExperiment } from '../../../test/experiments.ts';
import type { SmallDay } from '../../../test/small-day.ts';
import { addExperiment, addOrders, createSmallDay } from '../../../test/small-day.ts';
import { REPORT_KINDS } from '../../storage/report-entity.ts';
import type { ReportKind } from '../../storage/report-entity.ts';
import { figureOf, isFigureKey } from '../catalogue.ts';
import { kindOf } from '../kind.ts';
import { kindsFor, parametersSchema } from '../parameters.ts';

let small: SmallDay;
let experiment: string;

before(async () => {
  small = await createSmallDay();
  experiment = await insertExperiment(small.world, small.world.north);
  await addExperiment(small, { experiment, isOther: false });
  await addOrders(small);
});
after(() => small?.world.drop());

function parametersOf(kind: ReportKind, groupBy: string): Record<string, unknown> {
  const own = kind === 'EXPERIMENT_OUTCOME' && {
    experimentId: encodeId('experiment', experiment),
  };
  return { groupBy, ...own, ...(kind === 'DRIVER_SCORECARD' ? { minimumStops: 0 } : {}) };
}

/** Numbers that add up over groups, and what they are when they are added up. */
function sums({ columns, rows }: Answer): Map<string, number> {
  const total = ({ key }: { key: string }) =>
    isFigureKey(key) && figureOf(key).shape === 'total'
      ? [[key, rows.reduce((sum, row) => sum + Number(row[key]), 0)] as const]
      : [];
  return new Map(columns.flatMap(total));
}

for (const kind of REPORT_KINDS) {
  const { groupings, charts, title } = kindOf(kind);

  describe(title, () => {
    for (const [groupBy, { rows }] of Object.entries(groupings)) {
      test(`adds up to its totals, one row per ${groupBy}`, async () => {
        for (const reading of ['roll-ups', 'facts'] as const) {
          const parameters = parametersOf(kind, groupBy);
          const answer = await askReport(small.world, { kind, reading, parameters });
          assert.ok(answer.rows.length > 0);
          assert.deepEqual(
            Object.keys(answer.rows[0] ?? {}),
            answer.columns.map(({ key }) => key),
          );
          if (rows !== 'groups') continue;
          const bySum = sums(answer);
          for (const { key, value } of answer.totals) {
            const sum = bySum.get(key);
            if (sum !== undefined) assert.ok(Math.abs(sum - Number(value)) < 1e-6, key);
          }
        }
      });
    }

    test('draws what the table says', async () => {
      const parameters = parametersOf(kind, kindOf(kind).defaultGroupBy);
      const answer = await askReport(small.world, { kind, reading: 'roll-ups', parameters });
      assert.equal(answer.charts.length, charts.length);
      for (const [index, plan] of charts.entries()) {
        const [figure] = plan.figures;
        if (figure === undefined || figureOf(figure).shape !== 'total') continue;
        const drawn = valuesOf(answer, index, figureOf(figure).title);
        const total = answer.totals.find(({ key }) => key === figure)?.value;
        assert.ok(
          Math.abs(drawn.reduce((sum, value) => sum + value, 0) - Number(total)) < 1e-6,
          `${plan.title}: ${drawn.join(' + ')} is not ${total}`,
        );
      }
    });
  });
}

function valuesOf({ charts }: Answer, index: number, title: string): number[] {
  const data = charts[index]?.spec['data'] as Drawn | undefined;
  return (data?.values ?? []).filter(({ figure }) => figure === title).map(({ value }) => value);
}

type Drawn = { values: { figure: string; value: number }[] };

test('the list of exceptions agrees with their totals', async () => {
  const { rows, totals } = await askReport(small.world, {
    kind: 'EXCEPTIONS',
    reading: 'roll-ups',
  });
  const named = (name: string) =>
    rows.filter((row) => String(row['exceptions']).split(', ').includes(name)).length;
  for (const [name, key] of [
    ['FAILED', 'failedStops'],
    ['LATE', 'lateStops'],
    ['DETAINED', 'detainedStops'],
    ['OUT_OF_SEQUENCE', 'outOfSequenceStops'],
  ] as const) {
    assert.equal(named(name), totals.find((total) => total.key === key)?.value);
  }
});

test('the stops of the scorecard are those of its total', async () => {
  const { rows, totals } = await askReport(small.world, {
    kind: 'DRIVER_SCORECARD',
    reading: 'facts',
    parameters: { minimumStops: 0 },
  });
  const stops = rows.reduce((sum, row) => sum + Number(row['stops']), 0);
  assert.equal(stops, totals.find(({ key }) => key === 'stops')?.value);
});

test('whatever partners may ask for tells them about themselves only', async () => {
  for (const kind of kindsFor({ forPartner: true })) {
    const { properties } = parametersSchema(kind, { forPartner: true }) as {
      properties: { groupBy: { enum: string[] } };
    };
    for (const groupBy of properties.groupBy.enum) {
      const { rows, totals, charts } = await askReport(small.world, {
        kind,
        reading: 'roll-ups',
        partner: 0,
        parameters: { groupBy },
      });
      const stops = totals.find(({ key }) => key === 'stops')?.value ?? 2;
      assert.equal(stops, 2, `${kind} ${groupBy}`);
      const told = JSON.stringify([rows, charts]);
      assert.ok(
        !/North partner 1|Driver \d|Van \d|Kiel|DIESEL/.test(told),
        `${kind} ${groupBy}: ${told}`,
      );
    }
  }
});
