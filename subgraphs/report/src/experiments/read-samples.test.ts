import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { encodeId, newId } from '@quantumroute/schema/ids';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { dispatcherOf, partnerOf } from '../../test/world.ts';
import type { Tenant } from '../../test/world.ts';

let service: ReportService;
const switchback = newId();
const shadow = newId();

/** Each variant has every second day of the switchback, and the shadow has them all. */
const DAYS = Array.from(
  { length: 16 },
  (_, index) => `2026-10-${String(index + 1).padStart(2, '0')}`,
);

before(async () => {
  service = await startReportService();
  const { north } = service.world;
  for (const [index, day] of DAYS.entries()) {
    const cost = 90 + index;
    const isTreated = index % 2 === 1;
    const variant = isTreated ? 'treatment' : 'control';
    const planned = { tenant: north, day, experiment: switchback, unit: 'DEPOT_DAY' };
    await addOutcome({ ...planned, variant, cost: isTreated ? cost - 30 : cost });
    const both = { tenant: north, day, experiment: shadow, unit: 'SHADOW' };
    await addOutcome({ ...both, variant: 'control', cost });
    await addOutcome({ ...both, variant: 'treatment', cost: cost - 30 - (index % 2) });
    // Every second stop of the treatment is late.
    for (const onTime of [true, !isTreated]) {
      await service.world.addStop({ tenant: north, day, window: ['09:00', '11:00'], onTime });
    }
  }
  const half = { tenant: north, day: '2026-10-17', experiment: switchback, unit: 'DEPOT_DAY' };
  await addOutcome({ ...half, variant: 'treatment', cost: 9_999, isWhole: false });
  await service.world.rollUp();
});

after(() => service?.close());

async function addOutcome(planned: {
  tenant: Tenant;
  day: string;
  experiment: string;
  unit: string;
  variant: string;
  cost: number;
  isWhole?: boolean;
}): Promise<void> {
  const { tenant, day, experiment, unit, variant, cost, isWhole = true } = planned;
  const { sql } = service.world;
  // Plans and runs behind the rows are route's business.
  await sql.query('set session_replication_role = replica');
  await sql.query(
    `insert into route.experiment_outcomes (experiment_id, variant_key, depot_id, service_date,
       organization_id, unit, is_control, algorithm, is_driven, is_whole_day, plan_id, run_id, cost,
       currency, distance_meters, duration_seconds, driving_seconds, vehicle_count, assigned_count,
       unassigned_count, compute_seconds)
     values ($1, $2, $3, $4, $5, $6, $2 = 'control', 'x', true, $7, $8, $8, $9, 'EUR', 1000, 100, 50,
       2, 10, 0, 5)`,
    [experiment, variant, tenant.depots[0], day, tenant.id, unit, isWhole, newId(), cost],
  );
  await sql.query('set session_replication_role = origin');
}

type Metric = { key: string; variantKey: string; n: number; [figure: string]: unknown };
type Outcome = { verdict: string; metrics: Metric[] } | null;

async function outcomes(
  experiments: readonly string[],
  caller = dispatcherOf(service.world.north),
): Promise<Outcome[]> {
  const identity = { ...caller, scopes: ['experiments:read'] };
  const { _entities } = await service.data<{ _entities: { outcome: Outcome }[] }>({
    query: `query ($any: [_Any!]!) { _entities(representations: $any) { ... on Experiment { outcome {
      verdict metrics { key variantKey n mean deltaVsControl pValue isGuardrail } } } } }`,
    identity,
    variables: {
      any: experiments.map((id) => ({
        __typename: 'Experiment',
        id: encodeId('experiment', id),
        variants: [
          { key: 'control', isControl: true },
          { key: 'treatment', isControl: false },
        ],
      })),
    },
  });
  return _entities.map(({ outcome }) => outcome);
}

function metricOf(outcome: Outcome | undefined, key: string, variantKey: string): Metric {
  const found = outcome?.metrics.find(
    (metric) => metric.key === key && metric.variantKey === variantKey,
  );
  return found ?? assert.fail(`no ${key} of ${variantKey}`);
}

test('depot-days of two variants are compared, those of several plans are not', async () => {
  const [outcome] = await outcomes([switchback]);
  const { n, mean, deltaVsControl } = metricOf(outcome, 'variantCostPerOrder', 'treatment');
  // 91, 93 … 105, less 30, over ten orders; of the control 90, 92 … 104
  assert.equal(n, 8);
  assert.ok(Math.abs(Number(mean) - 6.8) < 1e-9, String(mean));
  assert.ok(Math.abs(Number(deltaVsControl) + 2.9) < 1e-9, String(deltaVsControl));
});

test('what was driven is a guardrail: half of the stops late costs the saving its victory', async () => {
  const [outcome] = await outcomes([switchback]);
  const onTime = metricOf(outcome, 'onTime', 'treatment');
  const { n, mean, deltaVsControl, pValue, isGuardrail } = onTime;
  assert.deepEqual(
    { n, mean, deltaVsControl, pValue, isGuardrail },
    { n: 8, mean: 0.5, deltaVsControl: -0.5, pValue: 0, isGuardrail: true },
  );
  assert.equal(outcome?.verdict, 'GUARDRAIL_BROKEN');
});

test('a shadow is compared day by day with what it shadowed, by what was planned only', async () => {
  const [outcome] = await outcomes([shadow]);
  const { n, deltaVsControl } = metricOf(outcome, 'variantCostPerOrder', 'treatment');
  assert.equal(n, 16);
  assert.ok(Math.abs(Number(deltaVsControl) + 3.05) < 1e-9, String(deltaVsControl));
  assert.equal(outcome?.verdict, 'TREATMENT_BETTER');
  assert.ok(outcome.metrics.every(({ key }) => key !== 'onTime'));
});

test('experiments are answered each on its own, and those without a depot-day not at all', async () => {
  const [first, nothing, second] = await outcomes([shadow, newId(), switchback]);
  assert.deepEqual(
    [first?.verdict, nothing, second?.verdict],
    ['TREATMENT_BETTER', null, 'GUARDRAIL_BROKEN'],
  );
});

test('nothing is told to another organization, nor to a partner', async () => {
  const { north, south } = service.world;
  for (const caller of [dispatcherOf(south), partnerOf(north, 0)]) {
    assert.deepEqual(await outcomes([shadow, switchback], caller), [null, null]);
  }
});
