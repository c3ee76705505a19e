import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeId, newId } from '@quantumroute/schema/ids';
import { insertTenant, userOf } from '../testing/fleet-data.ts';
import { dataOf, errorOf, startFleet } from '../testing/fleet-under-test.ts';

const CREATE = `mutation ($input: VehicleCreateInput!) {
  vehicleCreate(input: $input) {
    vehicle {
      id version displayName registrationPlate kind status capabilities
      capacity { weightKg volumeM3 parcels } homeDepot { id } operatingCost { perKm { amount } }
    }
    userErrors { __typename code path message }
  }
}`;

type Payload = {
  vehicleCreate: {
    vehicle: { id: string; [field: string]: unknown } | null;
    userErrors: { __typename: string; code: string; path: string[]; message: string }[];
  };
};

const fleet = await startFleet();
const tenant = await insertTenant(fleet.sql, { name: 'One', size: 1 });
const other = await insertTenant(fleet.sql, { name: 'Other', size: 1 });

function inputWith(changes: Record<string, unknown> = {}) {
  return {
    idempotencyKey: newId(),
    displayName: ' Big van ',
    registrationPlate: `b  x ${newId().slice(-8)}`,
    kind: 'VAN',
    homeDepotId: encodeId('depot', tenant.depotIds[0] ?? ''),
    capabilities: ['tail_lift', 'refrigerated', 'tail_lift'],
    capacity: { weightKg: 1200.5, volumeM3: 9, parcels: 80 },
    ...changes,
  };
}

async function create(input: Record<string, unknown>, identity = tenant.user) {
  return dataOf<Payload>(await fleet.run(CREATE, { identity, variables: { input } })).vehicleCreate;
}

test('creates a vehicle that can be read back', async () => {
  const input = inputWith({ registrationPlate: 'b  qr  1' });
  const { vehicle, userErrors } = await create(input);
  assert.deepEqual(userErrors, []);
  const { id, ...fields } = vehicle ?? { id: '' };
  assert.match(id, /^veh_/);
  assert.deepEqual(JSON.parse(JSON.stringify(fields)), {
    version: 1,
    displayName: 'Big van',
    registrationPlate: 'B QR 1',
    kind: 'VAN',
    status: 'AVAILABLE',
    capabilities: ['refrigerated', 'tail_lift'],
    capacity: { weightKg: 1200.5, volumeM3: 9, parcels: 80 },
    homeDepot: { id: input.homeDepotId },
    operatingCost: null,
  });
});

test('answers a repeated key with the first vehicle', async () => {
  const input = inputWith();
  const [first, again] = await Promise.all([create(input), create(input)]);
  assert.ok(first.vehicle);
  assert.equal(again.vehicle?.id, first.vehicle.id);
});

test('refuses a key that was used with another body', async () => {
  const input = inputWith();
  await create(input);
  const { vehicle, userErrors } = await create({ ...input, displayName: 'Another' });
  assert.equal(vehicle, null);
  assert.deepEqual(
    userErrors.map(({ code, path }) => ({ code, path })),
    [{ code: 'IDEMPOTENCY_KEY_REUSED', path: ['input', 'idempotencyKey'] }],
  );
});

test('lists every invalid value with its path', async () => {
  const { userErrors } = await create(
    inputWith({
      idempotencyKey: '',
      displayName: 'x\u0000',
      registrationPlate: ' ',
      capabilities: ['ok', 'Not OK'],
      capacity: { weightKg: -1, volumeM3: 1e9, parcels: -1 },
    }),
  );
  assert.deepEqual(
    userErrors.map(({ code, path }) => `${code} ${path.join('.')}`),
    [
      'INVALID input.idempotencyKey',
      'INVALID input.displayName',
      'INVALID input.registrationPlate',
      'INVALID input.capabilities.1',
      'INVALID input.capacity.weightKg',
      'INVALID input.capacity.volumeM3',
      'INVALID input.capacity.parcels',
    ],
  );
});

test('refuses half of a surrogate pair', async () => {
  const { userErrors } = await create(inputWith({ displayName: 'van \ud83d' }));
  assert.deepEqual(userErrors[0]?.path, ['input', 'displayName']);
});

test('refuses a plate that the organization has, in any spelling, and allows it to another', async () => {
  const input = inputWith({ registrationPlate: 'B QR 77' });
  await create(input);
  const { vehicle, userErrors } = await create(inputWith({ registrationPlate: 'b  qr 77' }));
  assert.equal(vehicle, null);
  assert.equal(userErrors[0]?.code, 'INVALID');
  assert.deepEqual(userErrors[0]?.path, ['input', 'registrationPlate']);
  const homeDepotId = encodeId('depot', other.depotIds[0] ?? '');
  const elsewhere = await create({ ...input, homeDepotId }, other.user);
  assert.deepEqual(elsewhere.userErrors, []);
});

test('keeps the key unused when the vehicle was refused', async () => {
  const input = inputWith({ homeDepotId: 'dep_nonsense' });
  const refused = await create(input);
  assert.equal(refused.userErrors[0]?.code, 'NOT_FOUND');
  const corrected = await create({ ...inputWith(), idempotencyKey: input.idempotencyKey });
  assert.ok(corrected.vehicle);
});

test('does not find a depot that is malformed, unknown or of another organization', async () => {
  const unknown = encodeId('depot', newId());
  const foreign = encodeId('depot', other.depotIds[0] ?? '');
  for (const homeDepotId of ['', 'veh_1', unknown, foreign]) {
    const { userErrors } = await create(inputWith({ homeDepotId }));
    assert.equal(userErrors[0]?.code, 'NOT_FOUND', homeDepotId);
    assert.deepEqual(userErrors[0]?.path, ['input', 'homeDepotId']);
  }
});

test('needs the scope fleet:write', async () => {
  const identity = userOf(tenant.organizationId, ['fleet:read']);
  const answer = await fleet.run(CREATE, { identity, variables: { input: inputWith() } });
  assert.equal(errorOf(answer)['code'], 'FORBIDDEN');
});

const CREATE_ENERGY = `mutation ($input: VehicleCreateInput!) {
  vehicleCreate(input: $input) {
    vehicle {
      emissionProfile {
        energyCarrier consumptionPer100Km wtwGramsCo2ePerKm dataQuality factorSet
      }
    }
    userErrors { __typename code path message }
  }
}`;

async function createdEnergy(input: Record<string, unknown>) {
  const call = { identity: tenant.user, variables: { input } };
  const answer = dataOf<Payload>(await fleet.run(CREATE_ENERGY, call)).vehicleCreate;
  return JSON.parse(JSON.stringify(answer));
}

test('takes what is usual for the kind when no energy is stated', async () => {
  const { vehicle } = await createdEnergy(inputWith());
  const { wtwGramsCo2ePerKm, ...profile } = vehicle.emissionProfile;
  assert.ok(Math.abs(wtwGramsCo2ePerKm - 291.6) < 0.001, `${wtwGramsCo2ePerKm} g, 9 l of diesel`);
  assert.deepEqual(profile, {
    energyCarrier: 'DIESEL',
    consumptionPer100Km: null,
    dataQuality: 'DEFAULT',
    factorSet: 'EN 16258:2012',
  });
});

test('models the emissions from the consumption that is stated', async () => {
  const energy = { carrier: 'ELECTRICITY', consumptionPer100Km: 22.5 };
  const { vehicle } = await createdEnergy(inputWith({ energy }));
  const { energyCarrier, consumptionPer100Km, wtwGramsCo2ePerKm, dataQuality } =
    vehicle.emissionProfile;
  assert.deepEqual(
    [energyCarrier, consumptionPer100Km, Math.round(wtwGramsCo2ePerKm * 10) / 10, dataQuality],
    ['ELECTRICITY', 22.5, 67.5, 'MODELED'],
  );
});

test('refuses energy that no vehicle of the kind runs on, and a consumption out of range', async () => {
  const bicycle = inputWith({ kind: 'CARGO_BIKE', energy: { carrier: 'DIESEL' } });
  const refused = [
    { input: bicycle, path: ['input', 'energy', 'carrier'], message: /ELECTRICITY, HUMAN.*DIESEL/ },
    ...[-1, 1_001].map((consumptionPer100Km) => ({
      input: inputWith({ energy: { carrier: 'DIESEL', consumptionPer100Km } }),
      path: ['input', 'energy', 'consumptionPer100Km'],
      message: /from 0 to 1000/,
    })),
  ];
  for (const { input, path, message } of refused) {
    const { vehicle, userErrors } = await createdEnergy(input);
    assert.equal(vehicle, null);
    assert.deepEqual([userErrors[0].code, userErrors[0].path], ['INVALID', path]);
    assert.match(userErrors[0].message, message);
  }
});
