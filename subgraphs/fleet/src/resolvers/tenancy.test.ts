import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Identity } from '@quantumroute/ops/identity';
import { encodeId, newId } from '@quantumroute/schema/ids';
import type { TestTenant } from '../testing/fleet-data.ts';
import { driverOf, insertTenant, userOf } from '../testing/fleet-data.ts';
import { dataOf, errorOf, startFleet } from '../testing/fleet-under-test.ts';

const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on Organization { id name timeZone currency }
    ... on Partner { id name }
    ... on Depot { id name vehicles(first: 5) { nodes { id } count { value } } }
    ... on Vehicle { id position { recordedAt } positions(between: $between) { nodes { recordedAt } } }
    ... on Driver { id phone shifts(between: $days) { nodes { id } } }
    ... on Shift { id driver { id } vehicle { id } }
  }
}`.replace('_Any!]!)', '_Any!]!, $between: TimeWindowInput!, $days: DateRangeInput!)');

const LISTS = `query ($depotId: ID) {
  depots { nodes { id } }
  vehicles(filter: { depotId: $depotId }) { nodes { id } count { value } }
  drivers(filter: { depotId: $depotId }) { nodes { id } }
}`;

const ONE = `query ($depot: ID!, $vehicle: ID!, $driver: ID!) {
  depot(id: $depot) { id } vehicle(id: $vehicle) { id } driver(id: $driver) { id }
}`;

const fleet = await startFleet();
const one = await insertTenant(fleet.sql, { name: 'One', size: 3 });
const two = await insertTenant(fleet.sql, { name: 'Two', size: 3 });
const nobody: TestTenant = {
  organizationId: newId(),
  partnerId: newId(),
  depotIds: [newId()],
  vehicleIds: [newId()],
  driverIds: [newId()],
  shiftIds: [newId()],
  user: userOf(newId()),
  driver: driverOf(newId(), newId()),
};

for (const { organizationId, vehicleIds } of [one, two]) {
  for (const table of ['positions', 'latest_positions']) {
    await fleet.sql.query(
      `insert into fleet.${table} (vehicle_id, organization_id, recorded_at, latitude, longitude)
       select id, $1, now() - interval '1 minute', 1, 1 from unnest($2::uuid[]) as vehicle (id)`,
      [organizationId, vehicleIds],
    );
  }
}

function representationsOf(tenant: TestTenant) {
  return [
    { __typename: 'Organization', id: encodeId('organization', tenant.organizationId) },
    { __typename: 'Partner', id: encodeId('partner', tenant.partnerId) },
    { __typename: 'Depot', id: encodeId('depot', tenant.depotIds[0] ?? '') },
    { __typename: 'Vehicle', id: encodeId('vehicle', tenant.vehicleIds[0] ?? '') },
    { __typename: 'Driver', id: encodeId('driver', tenant.driverIds[0] ?? '') },
    { __typename: 'Shift', id: encodeId('shift', tenant.shiftIds[0] ?? '') },
  ];
}

async function entities(identity: Identity, representations: unknown[]) {
  const between = { start: new Date(Date.now() - 3_600_000), end: new Date() };
  const today = new Date().toISOString().slice(0, 10);
  const variables = { representations, between, days: { from: today, to: today } };
  const answer = await fleet.run(ENTITIES, { identity, variables });
  return dataOf<{ _entities: ({ id: string } | null)[] }>(answer)._entities;
}

test('answers every entity reference of the own organization', async () => {
  for (const tenant of [one, two]) {
    const found = await entities(tenant.user, representationsOf(tenant));
    const expected = representationsOf(tenant).map(({ id }) => id);
    assert.deepEqual(
      found.map((entity) => entity?.id),
      expected,
    );
  }
});

test('cannot tell the entities of another organization from those that do not exist', async () => {
  const missing = await entities(one.user, representationsOf(nobody));
  assert.deepEqual(
    missing,
    Array.from({ length: 6 }, () => null),
  );
  assert.deepEqual(await entities(one.user, representationsOf(two)), missing);
  assert.deepEqual(await entities(two.user, representationsOf(one)), missing);
});

test('answers a mixed batch with the own entities only', async () => {
  const found = await entities(one.user, [...representationsOf(two), ...representationsOf(one)]);
  assert.deepEqual(
    found.map((entity) => entity?.id ?? null),
    [...Array.from({ length: 6 }, () => null), ...representationsOf(one).map(({ id }) => id)],
  );
});

test('answers malformed references with null', async () => {
  const malformed = representationsOf(one).map(({ __typename }) => ({
    __typename,
    id: "x'\u0000",
  }));
  assert.deepEqual(
    await entities(one.user, malformed),
    Array.from({ length: 6 }, () => null),
  );
});

test('lists nothing of another organization', async () => {
  for (const [mine, theirs] of [
    [one, two],
    [two, one],
  ] as const) {
    const all = JSON.stringify(dataOf(await fleet.run(LISTS, { identity: mine.user })));
    for (const { id } of representationsOf(mine).slice(2, 5)) assert.ok(all.includes(id));
    for (const { id } of representationsOf(theirs)) assert.ok(!all.includes(id));
    const depotId = encodeId('depot', theirs.depotIds[0] ?? '');
    const answer = await fleet.run(LISTS, { identity: mine.user, variables: { depotId } });
    const filtered = dataOf<{ vehicles: object; drivers: object }>(answer);
    assert.deepEqual(JSON.parse(JSON.stringify([filtered.vehicles, filtered.drivers])), [
      { nodes: [], count: { value: 0 } },
      { nodes: [] },
    ]);
  }
});

test('finds nothing of another organization by id', async () => {
  const of = ({ depotIds, vehicleIds, driverIds }: TestTenant) => ({
    depot: encodeId('depot', depotIds[0] ?? ''),
    vehicle: encodeId('vehicle', vehicleIds[0] ?? ''),
    driver: encodeId('driver', driverIds[0] ?? ''),
  });
  const found = async (variables: Record<string, unknown>) =>
    JSON.parse(JSON.stringify(dataOf(await fleet.run(ONE, { identity: one.user, variables }))));
  assert.ok((await found(of(one))).vehicle);
  const nothing = { depot: null, vehicle: null, driver: null };
  assert.deepEqual(await found(of(two)), nothing);
  assert.deepEqual(await found(of(nobody)), nothing);
});

test('answers me with the driver of the token, in the organization of the token', async () => {
  const query = '{ me { id displayName currentVehicle { id } } }';
  const me = async (identity: Identity) =>
    dataOf<{ me: { id: string } | null }>(await fleet.run(query, { identity })).me;
  assert.equal((await me(one.driver))?.id, encodeId('driver', one.driverIds[0] ?? ''));
  assert.equal(await me(driverOf(one.organizationId, two.driverIds[0] ?? '')), null);
  assert.equal(await me(one.user), null);
});

test('answers viewer with the organization and partner of the token', async () => {
  const query = '{ viewer { organization { id name } partner { id name } scopes } }';
  const partner: Identity = {
    ...userOf(one.organizationId, ['orders:read']),
    kind: 'partner',
    partnerId: one.partnerId,
  };
  const answer = await fleet.run(query, { identity: partner });
  assert.deepEqual(JSON.parse(JSON.stringify(dataOf(answer))), {
    viewer: {
      organization: { id: encodeId('organization', one.organizationId), name: 'One' },
      partner: { id: encodeId('partner', one.partnerId), name: 'Shipper' },
      scopes: ['orders:read'],
    },
  });
});

test('shows a partner no other partner of the organization', async () => {
  const partner: Identity = { ...one.user, kind: 'partner', partnerId: newId() };
  const representations = representationsOf(one).slice(1, 2);
  assert.deepEqual(await entities(partner, representations), [null]);
});

test('refuses a caller without an organization', async () => {
  const lost: Identity = { ...one.user, organizationId: null };
  assert.equal(
    errorOf(await fleet.run('{ viewer { scopes } }', { identity: lost }))['code'],
    'FORBIDDEN',
  );
  const variables = { id: encodeId('vehicle', one.vehicleIds[0] ?? '') };
  const query = 'query ($id: ID!) { vehicle(id: $id) { id } }';
  assert.equal(errorOf(await fleet.run(query, { identity: lost, variables }))['code'], 'FORBIDDEN');
});

test('answers the credential of an API key to services only', async () => {
  const keys = [newId(), newId()];
  const [active = '', revoked = ''] = ['a', 'b'].map((digit) => digit.repeat(64));
  await fleet.sql.query(
    `insert into fleet.partner_api_keys
       (id, organization_id, partner_id, sha256, client, scopes, revoked_at)
     values ($1, $3, $4, $5, 'acme', '{orders:read}', null),
            ($2, $3, $4, $6, 'acme', '{orders:read}', now())`,
    [...keys, one.organizationId, one.partnerId, active, revoked],
  );
  const query = `query ($keySha256: String!) {
    partnerCredential(keySha256: $keySha256) { partnerId organizationId client scopes }
  }`;
  const service: Identity = { ...one.user, kind: 'service', organizationId: null, scopes: [] };
  const read = async (keySha256: string) => {
    const answer = await fleet.run(query, { identity: service, variables: { keySha256 } });
    return JSON.parse(JSON.stringify(dataOf(answer))).partnerCredential;
  };
  assert.deepEqual(await read(active), {
    partnerId: encodeId('partner', one.partnerId),
    organizationId: encodeId('organization', one.organizationId),
    client: 'acme',
    scopes: ['orders:read'],
  });
  for (const unknown of [revoked, 'c'.repeat(64), '', "'"]) assert.equal(await read(unknown), null);
  const variables = { keySha256: active };
  const answer = await fleet.run(query, { identity: one.user, variables });
  assert.equal(errorOf(answer)['code'], 'FORBIDDEN');
});

test('shows costs and phone numbers to callers with the scope only', async () => {
  const query = `{
    vehicles(first: 1) { nodes { operatingCost { perKm { amount currency } } } }
    drivers(first: 1) { nodes { phone } }
  }`;
  const full = dataOf(await fleet.run(query, { identity: one.user }));
  assert.deepEqual(JSON.parse(JSON.stringify(full)), {
    vehicles: { nodes: [{ operatingCost: { perKm: { amount: '0.25', currency: 'EUR' } } }] },
    drivers: { nodes: [{ phone: '+49 30 1' }] },
  });
  const identity = userOf(one.organizationId, ['fleet:read']);
  const { data, errors } = await fleet.run(query, { identity });
  assert.deepEqual(JSON.parse(JSON.stringify(data)), {
    vehicles: { nodes: [{ operatingCost: null }] },
    drivers: { nodes: [{ phone: null }] },
  });
  assert.deepEqual(
    errors?.map(({ extensions }) => extensions?.['code']),
    ['FORBIDDEN', 'FORBIDDEN'],
  );
});
