import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { Identity } from '@quantumroute/ops/identity';
import { encodeId, newId } from '@quantumroute/schema/ids';

import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { insertDay } from '../testing/history.ts';
import type { DayRows } from '../testing/history.ts';
import { dispatcher, openRouteWorld, partnerOf } from '../testing/route-world.ts';
import type { RouteWorld } from '../testing/route-world.ts';

const SIZES = [10, 200] as const;
const OTHER_DAY = '2026-12-02';

let world: RouteWorld;
const days: { acme: Organization; rows: DayRows }[] = [];

before(async () => {
  world = await openRouteWorld();
  for (const routes of SIZES) {
    const acme = await addOrganization(world, { name: `Of ${routes}`, vans: 1 });
    const rows = await insertDay(world, acme, { routes });
    await insertDay(world, acme, { routes: 1, date: OTHER_DAY });
    days.push({ acme, rows });
  }
});
after(() => world.close());

const STOP = `id version status sequence punctuality window { start end } planned { arrival }
  eta { at basis } place { point { latitude } } legFromPrevious { distanceMeters }
  orders { id trackingNumber eta { at } }`;
const ROUTE = `id version status date progress { completedStops totalStops lateStops atRiskStops }
  vehicle { id displayName registrationPlate } driver { id displayName }
  planned { distanceMeters cost { amount } }`;
const WITH_STOPS = `${ROUTE} experimentVariant { key } stops { nodes { ${STOP} } }`;
const WITH_NEXT_STOP = `${ROUTE} nextStop { id sequence eta { at } place { name } }`;
const ORDER = `id status depot { id } partner { id } stop { id sequence } route { id status }
  eta { at } events { nodes { type } } proofOfDelivery { sha256 } unassignedReasons { code }`;
const PLAN = `id version status depot { id } metrics { distanceMeters cost { amount currency } }
  routes(first: 200) { count { value } nodes { ${WITH_STOPS} } }
  unassigned(first: 200) { count { value } nodes { ${ORDER} } }
  runs { id status proposal { unassignedCount } shadows { status variant { key } } }`;

/** The most statements that each operation may take, however long its lists are. */
const OPERATIONS: Record<string, { query: string; budget: number; representations?: string }> = {
  'the board of a day': {
    query: `query ($depotId: ID!) { plan(depotId: $depotId, date: "${DAY}") { ${PLAN} } }`,
    budget: 16,
  },
  'a list of routes': {
    query: `{ routes(first: 200, filter: { date: "${DAY}" }) { count { value } nodes { ${WITH_NEXT_STOP} } } }`,
    budget: 7,
  },
  'a list of orders': {
    query: `{ orders(first: 200) { count { value } nodes { ${ORDER} } } }`,
    budget: 6,
  },
  'vehicles with their active routes and arrivals': {
    query: `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Vehicle { id activeRoute { ${WITH_NEXT_STOP} } nextStopEta { at basis } } } }`,
    representations: 'Vehicle',
    budget: 8,
  },
  'drivers with the route of their day': {
    query: `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Driver { routeOn(date: "${DAY}") { ${WITH_STOPS} } } } }`,
    representations: 'Driver',
    budget: 8,
  },
};

for (const [name, operation] of Object.entries(OPERATIONS)) {
  test(`${name} takes as many statements for ${SIZES[1]} items as for ${SIZES[0]}`, async () => {
    const [small, large] = [await statementsFor(operation, 0), await statementsFor(operation, 1)];
    assert.equal(large, small);
    assert.ok(small <= operation.budget, `${small} statements, allowed are ${operation.budget}`);
  });
}

test('a partner sees a list of orders in a constant number of statements too', async () => {
  const query = `{ orders(first: 200) { nodes { ${ORDER} route { ${ROUTE} } } } }`;
  const counts = [];
  for (const { acme } of days) {
    const { statements, errors } = await world.run(partnerOf(acme, acme.partners[0]), query);
    assert.deepEqual(errors, []);
    counts.push(statements);
  }
  assert.equal(counts[0], counts[1]);
});

test('many plans at once share their statements', async () => {
  const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on Depot { today: plan(date: "${DAY}") { ${PLAN} } then: plan(date: "${OTHER_DAY}") { ${PLAN} } } } }`;
  const [{ acme }] = days as [(typeof days)[number]];
  const statements = async (ids: string[]) => {
    const representations = ids.map((id) => ({ __typename: 'Depot', id: encodeId('depot', id) }));
    const { statements, errors } = await world.run(dispatcher(acme), query, { representations });
    assert.deepEqual(errors, []);
    return statements;
  };
  assert.equal(
    await statements([acme.depotId]),
    await statements([acme.depotId, newId(), newId()]),
  );
  assert.ok((await statements([acme.depotId])) <= 16);
});

async function statementsFor(
  { query, representations }: { query: string; representations?: string },
  size: 0 | 1,
): Promise<number> {
  const { acme, rows } = days[size]!;
  const ids = representations === 'Driver' ? rows.driverIds : rows.vehicleIds;
  const type = representations === 'Driver' ? 'driver' : 'vehicle';
  const identity: Identity = dispatcher(acme);
  const { data, errors, statements } = await world.run(identity, query, {
    depotId: encodeId('depot', acme.depotId),
    representations: ids.map((id) => ({ __typename: representations, id: encodeId(type, id) })),
  });
  assert.deepEqual(errors, []);
  assert.ok(JSON.stringify(data).length > 1_000);
  return statements;
}
