import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { Identity } from '@quantumroute/ops/identity';
import { encodeId } from '@quantumroute/schema/ids';

import { createOrders, orderInput, publish } from '../testing/day.ts';
import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { insertDay } from '../testing/history.ts';
import { dispatcher, openRouteWorld, partnerOf } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

let world: RouteWorld;
let acme: Organization;
let other: Organization;
let own: Record<string, string>;

before(async () => {
  world = await openRouteWorld();
  acme = await addOrganization(world, { name: 'Acme', vans: 1 });
  other = await addOrganization(world, { name: 'Other', vans: 1 });
  const { planId, runId, experimentId, vehicleIds, driverIds } = await insertDay(world, acme, {
    routes: 1,
  });
  await insertDay(world, other, { routes: 1 });
  const [row] = await world.sql(
    `select o.id as order_id, o.tracking_number, o.external_reference, stop.id as stop_id, route_id
     from route.orders o join route.stops stop on stop.id = o.stop_id
     where o.organization_id = $1 and stop.status = 'PENDING'`,
    [acme.organizationId],
  );
  own = {
    Depot: encodeId('depot', acme.depotId),
    Vehicle: encodeId('vehicle', vehicleIds[0]!),
    Driver: encodeId('driver', driverIds[0]!),
    Plan: encodeId('plan', planId),
    OptimizationRun: encodeId('run', runId),
    Experiment: encodeId('experiment', experimentId),
    Order: encodeId('order', String(row?.['order_id'])),
    Stop: encodeId('stop', String(row?.['stop_id'])),
    Route: encodeId('route', String(row?.['route_id'])),
    trackingNumber: String(row?.['tracking_number']),
    externalReference: String(row?.['external_reference']),
  };
});
after(() => world.close());

const ROOTS = `query ($order: ID!, $number: String!, $route: ID!, $depot: ID!, $run: ID!,
  $experiment: ID!) {
  order(by: { id: $order }) { id }
  byNumber: order(by: { trackingNumber: $number }) { id }
  route(id: $route) { id }
  plan(depotId: $depot, date: "${DAY}") { id }
  optimizationRun(id: $run) { id experimentVariant { key } shadows { status } }
  experiment(id: $experiment) { id }
  experiments { id key }
  routes(filter: { date: "${DAY}" }) { count { value } nodes { id } }
  orders { count { value } nodes { id } }
}`;

const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Order { id } ... on Stop { id } ... on Route { id } ... on Plan { id }
  ... on OptimizationRun { id } ... on Experiment { id } ... on Depot { plan(date: "${DAY}") { id } }
  ... on Driver { routeOn(date: "${DAY}") { id } } ... on Vehicle { activeRoute { id } nextStopEta { at } } } }`;

test('the owner sees everything', async () => {
  const answer = await roots(dispatcher(acme));
  for (const field of ['order', 'byNumber', 'route', 'plan', 'optimizationRun', 'experiment']) {
    assert.ok(answer[field], field);
  }
  assert.equal(answer['routes'].count.value, 1);
  assert.equal(answer['orders'].count.value, 3);
  for (const entity of await entities(dispatcher(acme))) {
    assert.ok(
      Object.values(entity ?? {}).every((value) => value !== null),
      JSON.stringify(entity),
    );
  }
});

test('another organization cannot tell any of it from what does not exist', async () => {
  const answer = await roots(dispatcher(other));
  assert.deepEqual(
    [
      answer['order'],
      answer['byNumber'],
      answer['route'],
      answer['plan'],
      answer['optimizationRun'],
      answer['experiment'],
    ],
    [null, null, null, null, null, null],
  );
  assert.equal(answer['experiments'].length, 1);
  const ids = JSON.stringify(answer);
  for (const id of Object.values(own)) assert.ok(!ids.includes(id), id);
  assert.equal(answer['routes'].nodes.length, 1);
  assert.deepEqual(await entities(dispatcher(other)), NOTHING);
});

test('a partner sees its own orders, their stops and routes, and nothing of the plans', async () => {
  const all = { ...partnerOf(acme, acme.partners[0]), scopes: dispatcher(acme).scopes };
  const answer = await roots(all);
  assert.ok(answer['order'] && answer['byNumber'] && answer['route']);
  assert.equal(answer['plan'], null);
  assert.equal(answer['optimizationRun'], null);
  assert.equal(answer['experiment'], null);
  assert.deepEqual(answer['experiments'], []);
  assert.deepEqual(answer['routes'], { count: { value: 0 }, nodes: [] });
});

test('another partner of the same organization sees none of it, whatever its scopes are', async () => {
  const stranger = { ...partnerOf(acme, acme.partners[1]), scopes: dispatcher(acme).scopes };
  const answer = await roots(stranger);
  assert.deepEqual(answer, {
    order: null,
    byNumber: null,
    route: null,
    plan: null,
    optimizationRun: null,
    experiment: null,
    experiments: [],
    routes: { count: { value: 0 }, nodes: [] },
    orders: { count: { value: 0 }, nodes: [] },
  });
  assert.deepEqual(await entities(stranger), NOTHING);
});

test('a partner finds an order by its own reference, and nobody else by any', async () => {
  const query = `query ($reference: String!) { order(by: { externalReference: $reference }) { id } }`;
  const ask = async (identity: Identity) => {
    const variables = { reference: own['externalReference'] };
    return (await world.ask(identity, query, variables))['order'];
  };
  assert.equal((await ask(partnerOf(acme, acme.partners[0]))).id, own['Order']);
  assert.equal(await ask(partnerOf(acme, acme.partners[1])), null);
  assert.equal(await ask(dispatcher(acme)), null);
});

test('a route shows a partner only the stops that serve it', async () => {
  await world.sql(
    `update route.orders set partner_id = $1
     where stop_id in (select id from route.stops where organization_id = $2 and sequence = 1)`,
    [acme.partners[1], acme.organizationId],
  );
  const { order } = await world.ask(
    partnerOf(acme, acme.partners[0]),
    `query ($id: ID!) { order(by: { id: $id }) { route { nextStop { id } stops { nodes { sequence
       orders { id } } } progress { totalStops } } } }`,
    { id: own['Order'] },
  );
  assert.deepEqual(order.route, {
    nextStop: { id: own['Stop'] },
    stops: { nodes: [{ sequence: 2, orders: [{ id: own['Order'] }] }] },
    progress: { totalStops: 2 },
  });
});

test('partners that share a visit see each its own place and order', async () => {
  const shared = await addOrganization(world, { name: 'Shared visit', vans: 1 });
  const placeOf = (name: string) => ({ ...orderInput()['place'], name, instructions: name });
  for (const [index, partner] of shared.partners.entries()) {
    const orders = [orderInput(0, { place: placeOf(`Customer of partner ${index}`) })];
    await createOrders(world, partnerOf(shared, partner), orders);
  }
  const plan = await publish(world, shared);
  assert.equal(plan['routes'].nodes[0].stops.nodes.length, 1);
  for (const [index, partner] of shared.partners.entries()) {
    const { orders } = await world.ask(
      partnerOf(shared, partner),
      '{ orders { nodes { id stop { place { name instructions } orders { id } } } } }',
    );
    const [order] = orders.nodes;
    const name = `Customer of partner ${index}`;
    assert.deepEqual(order.stop, {
      place: { name, instructions: name },
      orders: [{ id: order.id }],
    });
  }
});

test('a caller without an organization is refused', async () => {
  const nobody = { ...dispatcher(acme), organizationId: null };
  const { data, errors } = await world.run(nobody, '{ orders { nodes { id } } }');
  assert.equal(data?.['orders'] ?? null, null);
  assert.equal(errors[0]?.extensions?.['code'], 'FORBIDDEN');
});

/** Depots, drivers and vehicles are fleet's: their stubs are there, what route adds to them is not. */
const NOTHING = [
  { plan: null },
  { activeRoute: null, nextStopEta: null },
  { routeOn: null },
  null,
  null,
  null,
  null,
  null,
  null,
];

async function roots(identity: Identity): Promise<Answer> {
  return world.ask(identity, ROOTS, {
    order: own['Order'],
    number: own['trackingNumber'],
    route: own['Route'],
    depot: own['Depot'],
    run: own['OptimizationRun'],
    experiment: own['Experiment'],
  });
}

async function entities(identity: Identity): Promise<(Answer | null)[]> {
  const representations = Object.entries(own)
    .filter(([name]) => /^[A-Z]/.test(name))
    .map(([__typename, id]) => ({ __typename, id }));
  return (await world.ask(identity, ENTITIES, { representations }))['_entities'];
}
