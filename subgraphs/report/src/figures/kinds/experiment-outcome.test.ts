import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { encodeId, newId } from '@quantumroute/schema/ids';

import type { Question } from '../../../test/ask-report.ts';
import { askTwice } from '../../../test/ask-report.ts';
import { insertExperiment } from '../../../test/experiments.ts';
import type { SmallDay } from '../../../test/small-day.ts';
import { addExperiment, createSmallDay } from '../../../test/small-day.ts';

let small: SmallDay;

before(async () => {
  small = await createSmallDay();
});
after(() => small?.world.drop());

const ask = (question: Question) => askTwice(small.world, question);

test('EXPERIMENT_OUTCOME compares the variants of one experiment on days that were wholly theirs', async () => {
  const experiment = newId();
  await addExperiment(small, { experiment, isOther: false });
  await addExperiment(small, { experiment: newId(), isOther: true });
  const experimentId = encodeId('experiment', experiment);
  const { rows } = await ask({
    kind: 'EXPERIMENT_OUTCOME',
    parameters: { experimentId, groupBy: 'VARIANT' },
  });
  assert.deepEqual(
    rows.map((row) => [
      row['variant'],
      row['variantDays'],
      row['variantCostPerOrder'],
      row['variantUnassigned'],
    ]),
    [
      ['control', 2, 5, 0.2],
      ['treatment', 1, 4, 0],
    ],
  );
  const parameters = { experimentId, groupBy: 'DEPOT_DAY' };
  const byDay = await ask({ kind: 'EXPERIMENT_OUTCOME', parameters });
  assert.deepEqual(
    byDay.rows.map((row) => [row['day'], row['depot'], row['variant'], row['variantCost']]),
    [
      [small.day, '=Kiel', 'control', 60],
      [small.day, 'Hamburg', 'control', 20],
      [small.day, 'Hamburg', 'treatment', 40],
    ],
  );
});

test('EXPERIMENT_OUTCOME compares by metric, on the depot-days of the report only', async () => {
  const experiment = await insertExperiment(small.world, small.world.north);
  await addExperiment(small, { experiment, isOther: false });
  await addExperiment({ ...small, day: '2026-11-11' }, { experiment, isOther: true });
  const experimentId = encodeId('experiment', experiment);
  const compared = async (days?: Question['days']) => {
    const parameters = { experimentId };
    const { rows } = await ask({
      kind: 'EXPERIMENT_OUTCOME',
      parameters,
      ...(days === undefined ? {} : { days }),
    });
    return rows
      .filter(({ metric }) => metric === 'Planned cost per order')
      .map(({ variant, depotDays, mean, difference, verdict }) => [
        variant,
        depotDays,
        mean,
        difference,
        verdict,
      ]);
  };
  assert.deepEqual(await compared(), [
    ['control', 2, 5, null, 'INSUFFICIENT_DATA'],
    ['treatment', 1, 4, null, 'INSUFFICIENT_DATA'],
  ]);
  // 4 − 20 ÷ 4, and on the day after 1,040 ÷ 10 − 1,020 ÷ 4
  const [, treatment] = await compared({ from: small.day, to: '2026-11-11' });
  assert.deepEqual(treatment, ['treatment', 2, 54, -76, 'INSUFFICIENT_DATA']);
});
