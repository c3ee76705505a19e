import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeId, newId } from '@quantumroute/schema/ids';
import { insertTenant } from '../testing/fleet-data.ts';
import { dataOf, startFleet } from '../testing/fleet-under-test.ts';

const UPDATE = `mutation ($id: ID!, $expectedVersion: Int!, $input: VehicleUpdateInput!) {
  vehicleUpdate(id: $id, expectedVersion: $expectedVersion, input: $input) {
    vehicle { id version displayName status capabilities homeDepot { id } }
    userErrors {
      __typename code path
      ... on VersionConflictError { currentVersion }
      ... on IllegalTransitionError { currentStatus allowed }
    }
  }
}`;

type Payload = {
  vehicleUpdate: {
    vehicle: { version: number; [field: string]: unknown } | null;
    userErrors: Record<string, unknown>[];
  };
};

const fleet = await startFleet();
const tenant = await insertTenant(fleet.sql, { name: 'One', size: 12, depots: 2 });
const other = await insertTenant(fleet.sql, { name: 'Other', size: 1 });
const vehicles = tenant.vehicleIds.map((id) => encodeId('vehicle', id));

async function update(
  id: string | undefined,
  expectedVersion: number,
  input: Record<string, unknown>,
): Promise<Payload['vehicleUpdate']> {
  const variables = { id, expectedVersion, input };
  const answer = await fleet.run(UPDATE, { identity: tenant.user, variables });
  return dataOf<Payload>(answer).vehicleUpdate;
}

test('changes what is given and increments the version', async () => {
  const homeDepotId = encodeId('depot', tenant.depotIds[0] ?? '');
  const input = { displayName: 'New', status: 'IN_MAINTENANCE', homeDepotId, capabilities: ['x'] };
  const { vehicle, userErrors } = await update(vehicles[0], 1, input);
  assert.deepEqual(userErrors, []);
  assert.deepEqual(JSON.parse(JSON.stringify(vehicle)), {
    id: vehicles[0],
    version: 2,
    displayName: 'New',
    status: 'IN_MAINTENANCE',
    capabilities: ['x'],
    homeDepot: { id: homeDepotId },
  });
});

test('leaves what is left out or null as it is', async () => {
  await update(vehicles[1], 1, { displayName: 'Kept', capabilities: ['kept'] });
  const { vehicle } = await update(vehicles[1], 2, { displayName: null, status: 'OUT_OF_SERVICE' });
  assert.equal(vehicle?.['displayName'], 'Kept');
  assert.deepEqual(vehicle?.['capabilities'], ['kept']);
});

test('answers an older version with the current one and writes nothing', async () => {
  await update(vehicles[2], 1, { displayName: 'First' });
  const { vehicle, userErrors } = await update(vehicles[2], 1, { displayName: 'Second' });
  assert.equal(vehicle, null);
  assert.deepEqual(JSON.parse(JSON.stringify(userErrors)), [
    {
      __typename: 'VersionConflictError',
      code: 'VERSION_CONFLICT',
      path: ['expectedVersion'],
      currentVersion: 2,
    },
  ]);
});

test('lets one of many concurrent writers win', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => update(vehicles[3], 1, { displayName: `Writer ${n}` })),
  );
  assert.equal(answers.filter(({ vehicle }) => vehicle?.version === 2).length, 1);
  assert.equal(answers.filter(({ userErrors }) => userErrors.length === 1).length, 7);
});

test('brings a vehicle back from the workshop but not from retirement', async () => {
  await update(vehicles[4], 1, { status: 'IN_MAINTENANCE' });
  assert.equal((await update(vehicles[4], 2, { status: 'AVAILABLE' })).userErrors.length, 0);
  assert.equal((await update(vehicles[4], 3, { status: 'RETIRED' })).userErrors.length, 0);
  const { userErrors } = await update(vehicles[4], 4, { status: 'AVAILABLE' });
  assert.deepEqual(JSON.parse(JSON.stringify(userErrors)), [
    {
      __typename: 'IllegalTransitionError',
      code: 'ILLEGAL_TRANSITION',
      path: ['input', 'status'],
      currentStatus: 'RETIRED',
      allowed: [],
    },
  ]);
});

test('writes nothing when one of several changes is refused', async () => {
  const { userErrors } = await update(vehicles[5], 1, {
    displayName: 'Half',
    homeDepotId: encodeId('depot', other.depotIds[0] ?? ''),
  });
  assert.deepEqual(userErrors[0]?.['path'], ['input', 'homeDepotId']);
  const { vehicle } = await update(vehicles[5], 1, { capabilities: [] });
  assert.notEqual(vehicle?.['displayName'], 'Half');
});

test('does not find a vehicle that is malformed, unknown or of another organization', async () => {
  const foreign = encodeId('vehicle', other.vehicleIds[0] ?? '');
  for (const id of ['', 'veh_x', encodeId('vehicle', newId()), foreign]) {
    const { vehicle, userErrors } = await update(id, 1, { displayName: 'Mine' });
    assert.equal(vehicle, null);
    assert.equal(userErrors[0]?.['code'], 'NOT_FOUND', id);
    assert.deepEqual(userErrors[0]?.['path'], ['id']);
  }
});

test('refuses invalid values', async () => {
  const input = { displayName: '', capabilities: ['A'] };
  const { userErrors } = await update(vehicles[6], 1, input);
  assert.deepEqual(
    userErrors.map(({ code, path }) => ({ code, path })),
    [
      { code: 'INVALID', path: ['input', 'displayName'] },
      { code: 'INVALID', path: ['input', 'capabilities', '0'] },
    ],
  );
});

test('shows each of two updates in one operation what it wrote', async () => {
  const query = `mutation ($id: ID!) {
    one: vehicleUpdate(id: $id, expectedVersion: 1, input: { displayName: "A" }) { ...Name }
    two: vehicleUpdate(id: $id, expectedVersion: 2, input: { displayName: "B" }) { ...Name }
  }
  fragment Name on VehiclePayload { vehicle { version displayName } }`;
  const variables = { id: vehicles[7] };
  const data = dataOf(await fleet.run(query, { identity: tenant.user, variables }));
  assert.deepEqual(JSON.parse(JSON.stringify(data)), {
    one: { vehicle: { version: 2, displayName: 'A' } },
    two: { vehicle: { version: 3, displayName: 'B' } },
  });
});

test('replaces the energy that was stated before, and refuses what does not fit the kind', async () => {
  const [id] = tenant.vehicleIds.slice(-1);
  const profile = async () =>
    (
      await fleet.sql.query(
        `select energy_carrier as carrier, round(wtw_grams_co2e_per_km) as grams,
           emission_data_quality as quality from fleet_published.vehicles where id = $1`,
        [id],
      )
    ).rows[0];
  const energy = { carrier: 'DIESEL', consumptionPer100Km: 10 };
  const stated = await update(vehicles.at(-1), 1, { energy });
  assert.deepEqual(stated.userErrors, []);
  assert.deepEqual(await profile(), { carrier: 'DIESEL', grams: 324, quality: 'MODELED' });
  await update(vehicles.at(-1), 2, { energy: { carrier: 'HVO' } });
  assert.deepEqual(await profile(), { carrier: 'HVO', grams: 51, quality: 'DEFAULT' });
  const { userErrors } = await update(vehicles.at(-1), 3, { energy: { carrier: 'HUMAN' } });
  assert.deepEqual(userErrors[0]?.['path'], ['input', 'energy', 'carrier']);
});
