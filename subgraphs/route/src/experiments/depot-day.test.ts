import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { decodeId, encodeId, newId } from '@quantumroute/schema/ids';

import {
  createOrders,
  dispatchDay,
  endOfRun,
  now,
  optimizeInput,
  orderInput,
  PLAN_OPTIMIZE,
  publish,
  STOP_ARRIVE,
  STOP_COMPLETE,
} from '../testing/day.ts';
import {
  createExperiment,
  startExperiment,
  stepExperiment,
  VARIANTS,
} from '../testing/experiment.ts';
import { eventsOf } from '../testing/events.ts';
import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, driverOf, openRouteWorld, partnerOf } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';
import { variantOfDay } from './assignment.ts';

let world: RouteWorld;

before(async () => {
  world = await openRouteWorld();
});
after(() => world.close());

const VARIANT = 'experimentVariant { key algorithm isControl }';

test('a run has the variant of its depot and day, and the algorithm of the variant', async () => {
  const acme = await addOrganization(world, { name: 'Acme', vans: 1 });
  const { key } = await startExperiment(world, acme);
  const drawn = (date: string) => variantOn(date, { key, depotId: acme.depotId });
  const dates = Array.from({ length: 60 }, (_, day) => dateOf(day));
  for (const variant of VARIANTS) {
    for (const date of dates.filter((each) => drawn(each).key === variant.key).slice(0, 2)) {
      const { algorithm, experimentVariant } = await runOf(acme, date);
      const { key: variantKey, isControl = false } = variant;
      assert.deepEqual(experimentVariant, {
        key: variantKey,
        algorithm: variant.algorithm,
        isControl,
      });
      assert.equal(algorithm, variant.algorithm);
    }
  }
});

test('a run outside of an experiment, or while it is paused, has no variant', async () => {
  const globex = await addOrganization(world, { name: 'Globex', vans: 1 });
  assert.equal((await runOf(globex, '2026-12-10'))['experimentVariant'], null);
  const { id, version } = await startExperiment(world, globex);
  await stepExperiment(world, globex, { step: 'pause', id, version });
  assert.equal((await runOf(globex, '2026-12-11'))['experimentVariant'], null);
});

test('a variant whose algorithm is no more keeps nobody from planning', async () => {
  const cyberdyne = await addOrganization(world, { name: 'Cyberdyne', vans: 1 });
  const { id, key, version } = await createExperiment(world, cyberdyne);
  await world.sql(
    `update route.experiments
     set variants = replace(variants::text, $2, 'abandoned')::jsonb where id = $1`,
    [decodeId('experiment', id), VARIANTS[0]?.algorithm],
  );
  const { userErrors } = await stepExperiment(world, cyberdyne, { step: 'start', id, version });
  assert.deepEqual(userErrors, []);
  const dates = Array.from({ length: 60 }, (_, day) => dateOf(day));
  const drawn = (date: string) => variantOn(date, { key, depotId: cyberdyne.depotId }).key;
  const date = dates.find((each) => drawn(each) === 'control') ?? '';
  assert.equal((await runOf(cyberdyne, date))['experimentVariant'], null);
});

test('an experiment at one depot leaves the others alone', async () => {
  const initech = await addOrganization(world, { name: 'Initech', vans: 1 });
  const elsewhere = '018f2b6a-7c1d-7a55-9e0b-3f6f5a1c2d3e';
  await world.sql(
    `insert into fleet_published.depots values ($1, $2, 'HAM', 'Hamburg', 53.5, 10, 'Europe/Berlin')`,
    [elsewhere, initech.organizationId],
  );
  await startExperiment(world, initech, { depotIds: [encodeId('depot', elsewhere)] });
  assert.equal((await runOf(initech, DAY))['experimentVariant'], null);
  const there = await runOf({ ...initech, depotId: elsewhere }, DAY);
  assert.ok(there['experimentVariant']);
});

test('what the published variant planned is written down, and follows the plan', async () => {
  const hooli = await addOrganization(world, { name: 'Hooli', vans: 1 });
  await createOrders(world, dispatcher(hooli), [orderInput(0), orderInput(1)]);
  const { id, version, key } = await startExperiment(world, hooli);
  const first = await publish(world, hooli);
  const [outcome, ...more] = await outcomesOf(hooli);
  assert.deepEqual(more, []);
  const variant = variantOn(DAY, { key, depotId: hooli.depotId });
  assert.equal(outcome?.['variant_key'], variant.key);
  assert.equal(outcome?.['algorithm'], variant.algorithm);
  assert.equal(outcome?.['is_control'], variant.key === 'control');
  assert.equal(outcome?.['experiment_id'], decodeId('experiment', id));
  assert.deepEqual([outcome?.['unit'], outcome?.['is_driven']], ['DEPOT_DAY', true]);
  assert.equal(outcome?.['is_whole_day'], true);
  assert.deepEqual([outcome?.['depot_id'], outcome?.['day']], [hooli.depotId, DAY]);
  assert.equal(outcome?.['cost'], first['metrics'].cost.amount);
  assert.equal(outcome?.['distance_meters'], first['metrics'].distanceMeters);
  assert.deepEqual(
    [outcome?.['vehicle_count'], outcome?.['assigned_count'], outcome?.['unassigned_count']],
    [1, 2, 0],
  );
  assert.ok(Number(outcome?.['duration_seconds']) >= Number(outcome?.['driving_seconds']));
  await createOrders(world, dispatcher(hooli), [orderInput(2)]);
  await publish(world, hooli);
  const [second, ...others] = await outcomesOf(hooli);
  assert.deepEqual(others, []);
  assert.equal(second?.['assigned_count'], 3);
  assert.notEqual(second?.['run_id'], outcome?.['run_id']);
  await stepExperiment(world, hooli, { step: 'pause', id, version });
  await publish(world, hooli);
  assert.deepEqual(await outcomesOf(hooli), []);
});

test('an experiment that is concluded keeps its outcome', async () => {
  const stark = await addOrganization(world, { name: 'Stark', vans: 1 });
  await createOrders(world, dispatcher(stark), [orderInput(0)]);
  const { id, version } = await startExperiment(world, stark);
  await publish(world, stark);
  const before = await outcomesOf(stark);
  assert.equal(before.length, 1);
  await stepExperiment(world, stark, { step: 'conclude', id, version });
  await publish(world, stark);
  assert.deepEqual(await outcomesOf(stark), before);
});

test('a route tells its variant, to dispatchers and not to partners, and so does its fact', async () => {
  const wayne = await addOrganization(world, { name: 'Wayne', vans: 1 });
  const [partnerId] = wayne.partners;
  await createOrders(world, partnerOf(wayne, partnerId), [orderInput(0)]);
  const { id } = await startExperiment(world, wayne);
  const plan = await dispatchDay(world, wayne);
  const [route] = plan['routes'].nodes;
  const query = `query ($id: ID!) { route(id: $id) { id ${VARIANT} } }`;
  const { route: seen } = await world.ask(dispatcher(wayne), query, { id: route.id });
  const [outcome] = await outcomesOf(wayne);
  assert.equal(seen.experimentVariant.key, outcome?.['variant_key']);
  const partner = { ...partnerOf(wayne, partnerId), scopes: dispatcher(wayne).scopes };
  const hidden = await world.ask(partner, query, { id: route.id });
  assert.deepEqual(hidden['route'], { id: route.id, experimentVariant: null });
  const driver = driverOf(wayne, wayne.crews[0]?.driverId ?? '');
  for (const step of [STOP_ARRIVE, STOP_COMPLETE]) {
    const variables = { id: route.stops.nodes[0].id, input: now() };
    assert.deepEqual((await world.ask(driver, step, variables))['payload'].userErrors, []);
  }
  const ended = (await eventsOf(world, wayne)).find(({ type }) => type === 'route.finished');
  assert.partialDeepStrictEqual(ended?.body, {
    experimentId: decodeId('experiment', id),
    variantKey: outcome?.['variant_key'],
  });
});

function dateOf(day: number): string {
  return new Date(Date.UTC(2026, 11, 2 + day)).toISOString().slice(0, 10);
}

function variantOn(date: string, { key, depotId }: { key: string; depotId: string }) {
  const variants = VARIANTS.map((variant) => ({ ...variant, weight: 1 }));
  return variantOfDay(key, { depotId, date }, variants);
}

/** A run of a day on which the first crew works. */
async function runOf(organization: Organization, date: string): Promise<Answer> {
  const [crew] = organization.crews;
  await world.sql(
    `insert into fleet_published.shifts values ($1, $2, $3, $4, $5, $6::date + time '07:00',
       $6::date + time '16:00')`,
    [
      newId(),
      organization.organizationId,
      organization.depotId,
      crew?.driverId,
      crew?.vehicleId,
      date,
    ],
  );
  const input = optimizeInput(organization, { date });
  const identity = dispatcher(organization);
  const { planOptimize } = await world.ask(identity, PLAN_OPTIMIZE, { input });
  assert.deepEqual(planOptimize.userErrors, []);
  const { id } = planOptimize.run;
  await endOfRun(world, identity, id);
  const query = `query ($id: ID!) { optimizationRun(id: $id) { algorithm ${VARIANT} } }`;
  return (await world.ask(identity, query, { id }))['optimizationRun'];
}

function outcomesOf({ organizationId }: Organization) {
  return world.sql(
    `select *, service_date::text as day from route_published.experiment_outcomes
     where organization_id = $1`,
    [organizationId],
  );
}
