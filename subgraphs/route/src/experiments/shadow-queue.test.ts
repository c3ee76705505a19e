import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { createLogger } from '@quantumroute/ops/log';
import { decodeId } from '@quantumroute/schema/ids';

import { createOrders, optimize, orderInput, PLAN_PUBLISH } from '../testing/day.ts';
import { startExperiment, stepExperiment, VARIANTS } from '../testing/experiment.ts';
import { addOrganization } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';
import { ShadowQueue } from './shadow-queue.ts';

let world: RouteWorld;

before(async () => {
  world = await openRouteWorld();
});
after(() => world.close());

const UNIT = { unit: 'SHADOW' };
const log = createLogger({ service: 'route', level: 'silent' });

test('the control plans for real, and the other variant plans the same problem afterwards', async () => {
  const acme = await organizationWith('Acme', 3);
  const experiment = await startExperiment(world, acme, UNIT);
  const run = await optimize(world, acme);
  const waiting = await shadowsOf(acme, run);
  assert.deepEqual(waiting['experimentVariant'], { key: 'control', isControl: true });
  assert.equal(waiting['algorithm'], VARIANTS[0]?.algorithm);
  assert.deepEqual(
    waiting['shadows'].map(({ variant, status, figures }: Answer) => [
      variant.key,
      status,
      figures,
    ]),
    [['treatment', 'QUEUED', null]],
  );
  assert.deepEqual(await outcomesOf(acme), []);
  const [shadow] = await settled(acme, run);
  assert.deepEqual([shadow?.['status'], shadow?.['failure']], ['SUCCEEDED', null]);
  const { figures } = shadow ?? {};
  assert.deepEqual([figures.vehicles, figures.assigned, figures.unassigned], [1, 3, 0]);
  assert.ok(figures.durationSeconds >= figures.drivingSeconds && figures.computeSeconds > 0);
  const { runs } = waiting['plan'];
  assert.deepEqual(runs, [{ id: run['id'] }]);

  const pair = await outcomesOf(acme);
  assert.deepEqual(
    pair.map((row) => [row['variant_key'], row['is_control'], row['is_driven'], row['algorithm']]),
    VARIANTS.map(({ key, algorithm }) => [key, key === 'control', key === 'control', algorithm]),
  );
  const [control, treatment] = pair;
  assert.equal(control?.['cost'], run['proposal'].metrics.cost.amount);
  assert.equal(control?.['distance_meters'], run['proposal'].metrics.distanceMeters);
  assert.equal(treatment?.['cost'], figures.cost.amount);
  assert.equal(treatment?.['distance_meters'], figures.distanceMeters);
  for (const row of pair) {
    assert.equal(row['run_id'], decodeId('run', run['id']));
    assert.equal(row['experiment_id'], decodeId('experiment', experiment['id']));
    assert.deepEqual([row['unit'], row['is_whole_day'], row['currency']], ['SHADOW', true, 'EUR']);
    assert.deepEqual([row['assigned_count'], row['unassigned_count']], [3, 0]);
  }
});

test('a run succeeds together with its shadows, or without them when they cannot be written', async () => {
  const umbrella = await organizationWith('Umbrella', 1);
  await startExperiment(world, umbrella, UNIT);
  const run = await optimize(world, umbrella);
  const rows = await world.sql(
    `select run.finished_at = queued_at as "isOneTransaction" from route.shadow_runs shadow
     join route.optimization_runs run on run.id = shadow.run_id where run.id = $1`,
    [decodeId('run', run['id'])],
  );
  assert.deepEqual(rows, [{ isOneTransaction: true }]);
  await world.sql(
    'alter table route.shadow_runs add constraint full_disk check (attempt > 0) not valid',
  );
  const unshadowed = await optimize(world, umbrella);
  await world.sql('alter table route.shadow_runs drop constraint full_disk');
  assert.deepEqual((await shadowsOf(umbrella, unshadowed))['shadows'], []);
});

test('a shadow that fails leaves the run and its publication alone', async () => {
  const globex = await organizationWith('Globex', 1);
  await startExperiment(world, globex, UNIT);
  const run = await optimize(world, globex);
  await changeShadows(globex, `algorithm = 'gone'`);
  const [shadow] = await settled(globex, run);
  assert.equal(shadow?.['status'], 'FAILED');
  assert.equal(shadow?.['figures'], null);
  assert.match(shadow?.['failure'], /no plan/);
  assert.deepEqual(await outcomesOf(globex), []);
  const variables = { planId: run['plan'].id, version: run['plan'].version, runId: run['id'] };
  const { planPublish } = await world.ask(dispatcher(globex), PLAN_PUBLISH, variables);
  assert.deepEqual(planPublish.userErrors, []);
});

test('the latest run of a day counts, whichever shadow ends last', async () => {
  const initech = await organizationWith('Initech', 1);
  await startExperiment(world, initech, UNIT);
  const first = await optimize(world, initech);
  const [kept] = await world.sql(
    'select id, problem from route.shadow_runs where organization_id = $1',
    [initech.organizationId],
  );
  const second = await optimize(world, initech);
  const [superseded] = (await shadowsOf(initech, first))['shadows'];
  assert.equal(superseded.status, 'CANCELED');
  await settled(initech, second);
  const newer = await outcomesOf(initech);
  assert.deepEqual(
    newer.map((row) => row['run_id']),
    [decodeId('run', second['id']), decodeId('run', second['id'])],
  );
  await world.sql(
    `update route.shadow_runs set status = 'QUEUED', finished_at = null, problem = $2 where id = $1`,
    [kept?.['id'], kept?.['problem']],
  );
  const [late] = await settled(initech, first);
  assert.equal(late?.['status'], 'SUCCEEDED');
  assert.deepEqual(await outcomesOf(initech), newer);
  const third = await optimize(world, initech);
  assert.deepEqual(await outcomesOf(initech), newer);
  await settled(initech, third);
  const latest = await outcomesOf(initech);
  assert.deepEqual(
    latest.map((row) => row['run_id']),
    [decodeId('run', third['id']), decodeId('run', third['id'])],
  );
});

test('a shadow waits while there is something more urgent, and gives way to it as often as need be', async () => {
  const hooli = await organizationWith('Hooli', 1_000);
  await startExperiment(world, hooli, UNIT);
  const run = await optimize(world, hooli);
  let isBusy = true;
  await using queue = queueWith(() => isBusy);
  await sleep(200);
  assert.deepEqual(await attemptsOf(hooli), [{ status: 'QUEUED', attempt: 0 }]);
  isBusy = false;
  while ((await attemptsOf(hooli))[0]?.['status'] !== 'RUNNING') await sleep(5);
  isBusy = true;
  while ((await attemptsOf(hooli))[0]?.['status'] === 'RUNNING') await sleep(20);
  assert.deepEqual(await attemptsOf(hooli), [{ status: 'QUEUED', attempt: 0 }]);
  assert.ok(queue);
  await settled(hooli, run);
});

test('a shadow that a process left behind is taken over, but not for ever', async () => {
  const stark = await organizationWith('Stark', 1);
  await startExperiment(world, stark, UNIT);
  const run = await optimize(world, stark);
  await changeShadows(
    stark,
    `status = 'RUNNING', attempt = 3, leased_until = now() - interval '1 s'`,
  );
  const [shadow] = await settled(stark, run);
  assert.equal(shadow?.['status'], 'SUCCEEDED');
  const next = await optimize(world, stark);
  await changeShadows(
    stark,
    `status = 'RUNNING', attempt = 10, leased_until = now() - interval '1 s'`,
  );
  const [crashing] = await settled(stark, next);
  assert.equal(crashing?.['status'], 'FAILED');
});

test('concluding an experiment ends its shadows', async () => {
  const wayne = await organizationWith('Wayne', 1);
  const { id, version } = await startExperiment(world, wayne, UNIT);
  const run = await optimize(world, wayne);
  await stepExperiment(world, wayne, { step: 'conclude', id, version });
  const [shadow] = (await shadowsOf(wayne, run))['shadows'];
  assert.equal(shadow.status, 'CANCELED');
  assert.deepEqual(await outcomesOf(wayne), []);
});

async function organizationWith(name: string, orders: number): Promise<Organization> {
  const organization = await addOrganization(world, { name, vans: orders > 100 ? 12 : 2 });
  for (let from = 0; from < orders; from += 500) {
    const count = Math.min(500, orders - from);
    const inputs = Array.from({ length: count }, (_, index) => orderInput(index));
    await createOrders(world, dispatcher(organization), inputs);
  }
  return organization;
}

function queueWith(isBusy: () => boolean): ShadowQueue {
  const { postgres } = world.context(dispatcher({ organizationId: '' }));
  return new ShadowQueue({ postgres, log, isBusy, islands: 1, pollMs: 20 });
}

/** The shadows of a run, once all of them have ended. */
async function settled(organization: Organization, run: Answer): Promise<Answer[]> {
  await using queue = queueWith(() => false);
  for (let attempt = 0; attempt < 400 && queue; attempt++) {
    const { shadows } = await shadowsOf(organization, run);
    const isLive = ({ status }: Answer) => status === 'QUEUED' || status === 'RUNNING';
    if (!shadows.some(isLive)) return shadows;
    await sleep(25);
  }
  throw new Error('A shadow did not end');
}

async function shadowsOf(organization: Organization, { id }: Answer): Promise<Answer> {
  const query = `query ($id: ID!) { optimizationRun(id: $id) { algorithm plan { runs { id } }
    experimentVariant { key isControl }
    shadows { status failure variant { key algorithm }
      figures { cost { amount currency } distanceMeters durationSeconds drivingSeconds vehicles
        assigned unassigned computeSeconds } } } }`;
  return (await world.ask(dispatcher(organization), query, { id }))['optimizationRun'];
}

async function changeShadows({ organizationId }: Organization, changes: string): Promise<void> {
  await world.sql(
    `update route.shadow_runs set ${changes}
     where organization_id = $1 and status in ('QUEUED', 'RUNNING')`,
    [organizationId],
  );
}

function attemptsOf({ organizationId }: Organization) {
  return world.sql('select status, attempt from route.shadow_runs where organization_id = $1', [
    organizationId,
  ]);
}

/** The control first. */
function outcomesOf({ organizationId }: Organization) {
  return world.sql(
    `select * from route_published.experiment_outcomes where organization_id = $1
     order by is_control desc`,
    [organizationId],
  );
}
