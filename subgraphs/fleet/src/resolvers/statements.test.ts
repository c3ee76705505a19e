import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeId } from '@quantumroute/schema/ids';
import { insertTenant } from '../testing/fleet-data.ts';
import { dataOf, startFleet } from '../testing/fleet-under-test.ts';

const VEHICLE = `
  id version displayName status connectivity capacity { weightKg }
  operatingCost { perKm { amount } }
  emissionProfile { energyCarrier wtwGramsCo2ePerKm dataQuality factorSet }
  homeDepot { id name vehicles(first: 2) { nodes { id } count { value } } }
  currentDriver { id displayName homeDepot { id } }
  currentShift { id driver { id } vehicle { id } }
  position { recordedAt isStale }
  positions(between: $between, first: 3) { nodes { recordedAt isStale } pageInfo { endCursor } }`;

const DRIVER = `
  id displayName dutyStatus homeDepot { id }
  currentVehicle { id homeDepot { id } }
  currentShift { id vehicle { id } driver { id } }
  shifts(between: $days, first: 5) { nodes { id driver { id } vehicle { id } } }`;

const LISTS = `query ($first: Int!, $between: TimeWindowInput!, $days: DateRangeInput!) {
  vehicles(first: $first) { nodes { ${VEHICLE} } count { value } }
  drivers(first: $first) { nodes { ${DRIVER} } }
}`;

const ENTITIES = `query (
  $representations: [_Any!]!, $between: TimeWindowInput!, $days: DateRangeInput!
) {
  _entities(representations: $representations) {
    ... on Vehicle { ${VEHICLE} }
    ... on Driver { ${DRIVER} }
    ... on Depot { id location { latitude } vehicles(first: 3) { nodes { id } count { value } } }
    ... on Shift { id driver { id } vehicle { id } }
    ... on Organization { id name }
    ... on Partner { id name }
  }
}`;

const fleet = await startFleet();
const tenant = await insertTenant(fleet.sql, { name: 'One', size: 200, depots: 200 });
for (const table of ['positions', 'latest_positions']) {
  await fleet.sql.query(
    `insert into fleet.${table} (vehicle_id, organization_id, recorded_at, latitude, longitude)
     select id, $1, now() - interval '1 minute', 1, 1 from unnest($2::uuid[]) as vehicle (id)`,
    [tenant.organizationId, tenant.vehicleIds],
  );
}

const today = new Date().toISOString().slice(0, 10);
const windows = {
  between: { start: new Date(Date.now() - 3_600_000), end: new Date() },
  days: { from: today, to: today },
};

async function statements(query: string, variables: Record<string, unknown>, batching = true) {
  const call = { identity: tenant.user, variables: { ...windows, ...variables }, batching };
  const answer = await fleet.run(query, call);
  dataOf(answer);
  return answer.statements;
}

test('reads lists of 10 and of 200 with the same number of statements', async () => {
  const few = await statements(LISTS, { first: 10 });
  assert.equal(await statements(LISTS, { first: 200 }), few);
  assert.ok(few <= 20, `${few} statements`);
});

test('needs a statement for each object when batching is off', async () => {
  const batched = await statements(LISTS, { first: 4 });
  const unbatched = await statements(LISTS, { first: 4 }, false);
  assert.ok(unbatched > batched * 2, `${batched} and ${unbatched} statements`);
});

test('answers 200 references of a type with the statements of one', async () => {
  const { vehicleIds, driverIds, depotIds, shiftIds, organizationId, partnerId } = tenant;
  const batches = [
    ['Vehicle', vehicleIds.map((id) => encodeId('vehicle', id)), 15],
    ['Driver', driverIds.map((id) => encodeId('driver', id)), 6],
    ['Depot', depotIds.map((id) => encodeId('depot', id)), 3],
    ['Shift', shiftIds.map((id) => encodeId('shift', id)), 3],
    [
      'Organization',
      Array.from({ length: 200 }, () => encodeId('organization', organizationId)),
      1,
    ],
    ['Partner', Array.from({ length: 200 }, () => encodeId('partner', partnerId)), 1],
  ] as const;
  for (const [__typename, ids, atMost] of batches) {
    const representations = ids.map((id) => ({ __typename, id }));
    const one = await statements(ENTITIES, { representations: representations.slice(0, 1) });
    assert.equal(await statements(ENTITIES, { representations }), one, __typename);
    assert.ok(one <= atMost, `${__typename}: ${one} statements`);
  }
});

test('reads a field under two aliases with one statement for each set of arguments', async () => {
  const query = `{ depots(first: 200) { nodes {
    a: vehicles(first: 1) { nodes { id } }
    b: vehicles(first: 1) { nodes { id } }
    c: vehicles(first: 2) { nodes { id } }
  } } }`;
  assert.equal(await statements(query, {}), 3);
});
