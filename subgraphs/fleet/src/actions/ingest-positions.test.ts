import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Identity } from '@quantumroute/ops/identity';
import { encodeId, newId } from '@quantumroute/schema/ids';
import { driverOf, insertTenant, userOf } from '../testing/fleet-data.ts';
import { dataOf, errorOf, startFleet } from '../testing/fleet-under-test.ts';

const INGEST = `mutation ($input: PositionsIngestInput!) {
  positionsIngest(input: $input) { accepted duplicates rejected userErrors { code path } }
}`;
const POSITION = `query ($id: ID!) {
  vehicle(id: $id) {
    connectivity
    position {
      recordedAt receivedAt isStale point { latitude longitude } speedMetersPerSecond
      headingDegrees accuracyMeters odometerMeters energyLevelRatio
    }
  }
}`;

type Payload = {
  positionsIngest: {
    accepted: number;
    duplicates: number;
    rejected: number;
    userErrors: { code: string; path: string[] }[];
  };
};
type Seen = {
  vehicle: { connectivity: string; position: { recordedAt: string; [field: string]: unknown } };
};

const fleet = await startFleet();
const tenant = await insertTenant(fleet.sql, { name: 'One', size: 12 });
const other = await insertTenant(fleet.sql, { name: 'Other', size: 1 });
const tracker: Identity = {
  ...userOf(tenant.organizationId),
  kind: 'service',
  subject: 'tracker',
};

function vehicle(index: number): string {
  return encodeId('vehicle', tenant.vehicleIds[index] ?? '');
}

function fix(secondsAgo: number, changes: Record<string, unknown> = {}) {
  return {
    point: { latitude: 52.5, longitude: 13.4 },
    recordedAt: new Date(Date.now() - secondsAgo * 1000).toISOString(),
    ...changes,
  };
}

async function ingest(vehicleId: string, positions: unknown[], identity = tracker) {
  const variables = { input: { vehicleId, positions } };
  return dataOf<Payload>(await fleet.run(INGEST, { identity, variables })).positionsIngest;
}

async function seen(index: number): Promise<Seen['vehicle']> {
  const answer = await fleet.run(POSITION, {
    identity: tenant.user,
    variables: { id: vehicle(index) },
  });
  return dataOf<Seen>(answer).vehicle;
}

test('stores a position with everything that was measured', async () => {
  const measured = {
    point: { latitude: -33.86, longitude: 151.2 },
    speedMetersPerSecond: 13.5,
    headingDegrees: 270.5,
    accuracyMeters: 4.25,
    odometerMeters: 123_456_789_012,
    energyLevelRatio: 0.5,
  };
  const position = fix(2, measured);
  const outcome = await ingest(vehicle(0), [position]);
  assert.deepEqual({ ...outcome }, { accepted: 1, duplicates: 0, rejected: 0, userErrors: [] });
  const { connectivity, position: known } = await seen(0);
  assert.equal(connectivity, 'ONLINE');
  const { receivedAt, isStale, ...rest } = JSON.parse(JSON.stringify(known));
  assert.deepEqual(rest, position);
  assert.equal(isStale, false);
  assert.ok(Math.abs(Date.parse(receivedAt) - Date.now()) < 10_000);
});

test('counts what it has as duplicates, inside a batch and across batches', async () => {
  const [a, b, c] = [fix(30), fix(20), fix(10)];
  assert.deepEqual(
    { ...(await ingest(vehicle(1), [a, b, a])) },
    {
      accepted: 2,
      duplicates: 1,
      rejected: 0,
      userErrors: [],
    },
  );
  const again = await ingest(vehicle(1), [a, b, c]);
  assert.deepEqual([again.accepted, again.duplicates], [1, 2]);
});

test('takes the noise of a sensor that stands still for zero', async () => {
  const noise = fix(3_600, { speedMetersPerSecond: 1e-50, energyLevelRatio: 1e-300 });
  assert.equal((await ingest(vehicle(0), [noise, fix(3_500)])).accepted, 2);
});

test('keeps the newest as the latest, in whatever order positions arrive', async () => {
  const newest = fix(5);
  await ingest(vehicle(2), [fix(60), newest, fix(40)]);
  await ingest(vehicle(2), [fix(50), fix(30)]);
  assert.equal((await seen(2)).position.recordedAt, newest.recordedAt);
});

test('stores each position once when the same batch is sent many times at once', async () => {
  const batch = Array.from({ length: 200 }, (_, n) => fix(n + 1));
  const outcomes = await Promise.all(
    Array.from({ length: 6 }, (_, n) => ingest(vehicle(3), n % 2 ? batch : batch.toReversed())),
  );
  const accepted = outcomes.reduce((sum, outcome) => sum + outcome.accepted, 0);
  assert.equal(accepted, 200);
  assert.equal((await seen(3)).position.recordedAt, batch[0]?.recordedAt);
});

test('rejects what cannot be and stores the rest', async () => {
  const outcome = await ingest(vehicle(4), [
    fix(1),
    fix(2, { point: { latitude: 91, longitude: 0 } }),
    fix(3, { point: { latitude: 0, longitude: -181 } }),
    fix(4, { speedMetersPerSecond: -1 }),
    fix(5, { headingDegrees: 361 }),
    fix(6, { accuracyMeters: 1e300 }),
    fix(7, { odometerMeters: -1 }),
    fix(8, { energyLevelRatio: 1.01 }),
    fix(-600),
    fix(32 * 86_400),
  ]);
  assert.deepEqual([outcome.accepted, outcome.duplicates, outcome.rejected], [1, 0, 9]);
  assert.deepEqual(
    outcome.userErrors.map(({ code, path }) => `${code} ${path.join('.')}`),
    [
      'INVALID input.positions.1.point.latitude',
      'INVALID input.positions.2.point.longitude',
      'INVALID input.positions.3.speedMetersPerSecond',
      'INVALID input.positions.4.headingDegrees',
      'INVALID input.positions.5.accuracyMeters',
      'INVALID input.positions.6.odometerMeters',
      'INVALID input.positions.7.energyLevelRatio',
      'INVALID input.positions.8.recordedAt',
      'INVALID input.positions.9.recordedAt',
    ],
  );
});

test('names at most 100 of the rejected positions', async () => {
  const outcome = await ingest(
    vehicle(5),
    Array.from({ length: 300 }, () => fix(-3600)),
  );
  assert.equal(outcome.rejected, 300);
  assert.equal(outcome.userErrors.length, 100);
});

test('stores 1,000 positions in one statement and judges them in two, and takes no more than that', async () => {
  const positions = Array.from({ length: 1001 }, (_, n) => fix(n + 1));
  const variables = { input: { vehicleId: vehicle(6), positions: positions.slice(1) } };
  const answer = await fleet.run(INGEST, { identity: tracker, variables });
  assert.equal(dataOf<Payload>(answer).positionsIngest.accepted, 1000);
  assert.equal(answer.statements, 4);
  const { accepted, rejected, userErrors } = await ingest(vehicle(6), positions);
  assert.deepEqual([accepted, rejected], [0, 1001]);
  assert.deepEqual(userErrors[0]?.path, ['input', 'positions']);
});

test('accepts an empty batch', async () => {
  const outcome = await ingest(vehicle(7), []);
  assert.deepEqual({ ...outcome }, { accepted: 0, duplicates: 0, rejected: 0, userErrors: [] });
});

test('lets a driver report for the vehicle of the current shift only', async () => {
  const driver = driverOf(tenant.organizationId, tenant.driverIds[8] ?? '');
  assert.equal((await ingest(vehicle(8), [fix(1)], driver)).accepted, 1);
  const refused = await ingest(vehicle(9), [fix(1)], driver);
  assert.deepEqual(
    refused.userErrors.map(({ code, path }) => `${code} ${path.join('.')}`),
    ['NOT_FOUND input.vehicleId'],
  );
  assert.deepEqual([refused.accepted, refused.rejected], [0, 1]);
});

test('refuses a driver token without a driver, and partners', async () => {
  const nobody = { ...driverOf(tenant.organizationId, newId()), driverId: null };
  const partner = { ...tracker, kind: 'partner' as const, partnerId: tenant.partnerId };
  for (const identity of [nobody, partner]) {
    const { accepted, userErrors } = await ingest(vehicle(10), [fix(1)], identity);
    assert.equal(accepted, 0);
    assert.equal(userErrors[0]?.code, 'NOT_FOUND');
  }
});

test('does not find a vehicle that is malformed, unknown or of another organization', async () => {
  const foreign = encodeId('vehicle', other.vehicleIds[0] ?? '');
  for (const id of ['', 'veh_x', encodeId('vehicle', newId()), foreign]) {
    const { userErrors } = await ingest(id, [fix(1)]);
    assert.equal(userErrors[0]?.code, 'NOT_FOUND', id);
  }
});

test('refuses numbers that JSON cannot carry, and impossible instants', async () => {
  for (const position of [
    fix(1, { point: { latitude: Number.NaN, longitude: 0 } }),
    fix(1, { point: { latitude: 0, longitude: Number.POSITIVE_INFINITY } }),
    fix(1, { recordedAt: '2026-02-30T00:00:00Z' }),
  ]) {
    const variables = { input: { vehicleId: vehicle(11), positions: [position] } };
    const answer = await fleet.run(INGEST, { identity: tracker, variables });
    assert.equal(errorOf(answer)['code'], 'BAD_USER_INPUT');
  }
});

test('tells how old the last position is', async () => {
  await ingest(vehicle(11), [fix(3600)]);
  assert.equal((await seen(11)).connectivity, 'OFFLINE');
  await ingest(vehicle(11), [fix(300)]);
  assert.equal((await seen(11)).connectivity, 'STALE');
  assert.equal((await seen(11)).position['isStale'], true);
});
