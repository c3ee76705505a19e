import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import { encodeId, newId } from '@quantumroute/schema/ids';

import {
  createOrders,
  optimizeInput,
  orderInput,
  PLAN_OPTIMIZE,
  publish,
  ROUTES_DISPATCH,
} from '../testing/day.ts';
import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { insertDay } from '../testing/history.ts';
import { dispatcher, openRouteWorld } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

let world: RouteWorld;

before(async () => {
  world = await openRouteWorld();
});
after(() => world.close());

async function ask(organization: Organization, changes: object): Promise<Answer> {
  const input = optimizeInput(organization, changes);
  const { planOptimize } = await world.ask(dispatcher(organization), PLAN_OPTIMIZE, { input });
  return planOptimize;
}

/** Code and path of every user error. */
async function flawsOf(organization: Organization, changes: object): Promise<string[]> {
  const { run, scope, userErrors } = await ask(organization, { validateOnly: true, ...changes });
  assert.deepEqual([run, scope === null], [null, userErrors.length > 0]);
  return userErrors.map(({ code, path }: Answer) => `${code} ${path.slice(1).join('.')}`);
}

async function publishedDay(name: string): Promise<{ acme: Organization; routes: Answer[] }> {
  const acme = await addOrganization(world, { name, vans: 3 });
  // More weight than one van takes, so that two are used.
  const parcels = [{ reference: 'half a van', weightKg: 450 }];
  const orders = [0, 1, 2, 3].map((index) => orderInput(index, { parcels }));
  await createOrders(world, dispatcher(acme), orders);
  const routes = (await publish(world, acme))['routes'].nodes;
  assert.equal(routes.length, 2);
  return { acme, routes };
}

test('checking alone says what would be planned, and stores nothing', async () => {
  const { acme, routes } = await publishedDay('Checked');
  const lockedRouteIds = [routes[0]!['id']];
  const runs = () =>
    world.sql('select id from route.optimization_runs where organization_id = $1', [
      acme.organizationId,
    ]);
  const before = await runs();
  const { run, scope, userErrors } = await ask(acme, { validateOnly: true, lockedRouteIds });
  assert.deepEqual([run, userErrors], [null, []]);
  assert.deepEqual(scope, { orders: 4, vehicles: 3, presentRoutes: 2, lockedRoutes: 1 });
  assert.deepEqual(await runs(), before);
});

test('checking a day that nobody has planned makes no plan', async () => {
  const acme = await addOrganization(world, { name: 'Untouched' });
  const { scope } = await ask(acme, { validateOnly: true });
  assert.deepEqual(scope, { orders: 0, vehicles: 2, presentRoutes: 0, lockedRoutes: 0 });
  const plans = 'select id from route.plans where organization_id = $1';
  assert.deepEqual(await world.sql(plans, [acme.organizationId]), []);
});

test('a run that starts says the same of its scope, also when it is asked for again', async () => {
  const acme = await addOrganization(world, { name: 'Repeated' });
  await createOrders(world, dispatcher(acme), [orderInput()]);
  const changes = { idempotencyKey: randomUUID() };
  const first = await ask(acme, changes);
  assert.deepEqual(first['scope'], { orders: 1, vehicles: 2, presentRoutes: 0, lockedRoutes: 0 });
  const again = await ask(acme, changes);
  assert.equal(again['run'].id, first['run'].id);
  assert.deepEqual(again['scope'], first['scope']);
});

test('what is wrong with the values comes back with its path', async () => {
  const acme = await addOrganization(world, { name: 'Wrong values' });
  const objectives = [
    { kind: 'COST', weight: -1 },
    { kind: 'COST', weight: 1 },
  ];
  assert.deepEqual(await flawsOf(acme, { objectives, stability: 7, iterationLimit: 0 }), [
    'INVALID iterationLimit',
    'INVALID stability',
    'INVALID objectives.0.weight',
    'INVALID objectives.1.kind',
  ]);
});

test('a locked route is known, of this day and depot, and not on its way', async () => {
  const { acme, routes } = await publishedDay('Locks');
  const { routes: foreign } = await publishedDay('Foreign locks');
  const { planId } = await insertDay(world, acme, { routes: 1, date: '2026-11-20' });
  const [yesterday] = await world.sql('select id from route.routes where plan_id = $1', [planId]);
  const [own, sent] = routes.map(({ id }) => id);
  await world.ask(dispatcher(acme), ROUTES_DISPATCH, { ids: [sent], key: randomUUID() });
  const lockedRouteIds = [
    own,
    sent,
    foreign[0]!['id'],
    encodeId('route', String(yesterday?.['id'])),
    encodeId('route', newId()),
    'nonsense',
  ];
  assert.deepEqual(await flawsOf(acme, { lockedRouteIds }), [
    'INVALID lockedRouteIds.1',
    'NOT_FOUND lockedRouteIds.2',
    'INVALID lockedRouteIds.3',
    'NOT_FOUND lockedRouteIds.4',
    'NOT_FOUND lockedRouteIds.5',
  ]);
  assert.deepEqual(await flawsOf(acme, { lockedRouteIds: [own] }), []);
});

test('a route whose vehicle is in the workshop cannot stay as it is', async () => {
  const { acme, routes } = await publishedDay('Workshop');
  await world.sql(
    `update fleet_published.vehicles set status = 'MAINTENANCE' where organization_id = $1`,
    [acme.organizationId],
  );
  const flaws = await flawsOf(acme, { lockedRouteIds: [routes[0]!['id']] });
  assert.deepEqual(flaws, ['INVALID date', 'INVALID lockedRouteIds.0']);
});

test('a day needs a vehicle, and RESEQUENCE something to put into sequence', async () => {
  const acme = await addOrganization(world, { name: 'Nobody drives' });
  assert.deepEqual(await flawsOf(acme, { date: '2026-12-24' }), ['INVALID date']);
  assert.deepEqual(await flawsOf(acme, { mode: 'RESEQUENCE' }), ['INVALID mode']);
});

test('more orders than one run can plan are refused before anything is computed', async () => {
  const acme = await addOrganization(world, { name: 'Too many' });
  await createOrders(world, dispatcher(acme), [orderInput()]);
  await world.sql(
    `insert into route.orders select gen_random_uuid(), organization_id, depot_id, partner_id,
       gen_random_uuid()::text, gen_random_uuid()::text, null, kind, status, service_date, priority,
       parcels, load_weight_kg, load_volume_m3, load_parcels, requirements, place_name,
       address_lines, postal_code, country_code, latitude, longitude, instructions,
       requested_windows, null, null, service_seconds
     from route.orders cross join generate_series(1, 2000) where organization_id = $1`,
    [acme.organizationId],
  );
  assert.deepEqual(await flawsOf(acme, { date: DAY }), ['INVALID date']);
});
