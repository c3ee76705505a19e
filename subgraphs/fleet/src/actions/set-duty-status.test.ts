import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '@quantumroute/schema/ids';
import { driverOf, insertTenant } from '../testing/fleet-data.ts';
import { dataOf, errorOf, startFleet } from '../testing/fleet-under-test.ts';

const SET = `mutation ($input: DutyStatusInput!) {
  driverDutyStatusSet(input: $input) {
    driver { version dutyStatus currentShift { startedAt endedAt } currentVehicle { id } }
    userErrors {
      __typename code path
      ... on IllegalTransitionError { currentStatus allowed }
    }
  }
}`;

type Payload = {
  driverDutyStatusSet: {
    driver: {
      version: number;
      dutyStatus: string;
      currentShift: { startedAt: string | null; endedAt: string | null } | null;
      currentVehicle: { id: string } | null;
    } | null;
    userErrors: Record<string, unknown>[];
  };
};

const MINUTE_MS = 60_000;
const fleet = await startFleet();
const tenant = await insertTenant(fleet.sql, { name: 'One', size: 12 });
const drivers = tenant.driverIds.map((id) => driverOf(tenant.organizationId, id));

function driverAt(index: number) {
  const driver = drivers[index];
  assert.ok(driver);
  return driver;
}

function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * MINUTE_MS).toISOString();
}

async function set(index: number, dutyStatus: string, at = minutesAgo(0), key = newId()) {
  const variables = { input: { idempotencyKey: key, dutyStatus, at } };
  const answer = await fleet.run(SET, { identity: driverAt(index), variables });
  return dataOf<Payload>(answer).driverDutyStatusSet;
}

async function shiftOf(index: number) {
  const { rows } = await fleet.sql.query<{ started_at: Date | null; ended_at: Date | null }>(
    'select started_at, ended_at from fleet.shifts where driver_id = $1',
    [driverAt(index).driverId],
  );
  return rows[0];
}

test('starts the shift with ON_DUTY and ends it with OFF_DUTY', async () => {
  const start = minutesAgo(50);
  const on = await set(0, 'ON_DUTY', start);
  assert.deepEqual(on.userErrors, []);
  assert.equal(on.driver?.dutyStatus, 'ON_DUTY');
  assert.equal(on.driver?.version, 2);
  assert.deepEqual({ ...on.driver?.currentShift }, { startedAt: start, endedAt: null });
  const end = minutesAgo(1);
  const off = await set(0, 'OFF_DUTY', end);
  assert.equal(off.driver?.dutyStatus, 'OFF_DUTY');
  assert.equal(off.driver?.currentShift, null);
  assert.equal((await shiftOf(0))?.ended_at?.toISOString(), end);
});

test('goes on with the shift of a driver who comes back on duty', async () => {
  const start = minutesAgo(50);
  await set(1, 'ON_DUTY', start);
  await set(1, 'OFF_DUTY', minutesAgo(30));
  const { driver } = await set(1, 'ON_DUTY', minutesAgo(20));
  assert.deepEqual({ ...driver?.currentShift }, { startedAt: start, endedAt: null });
});

test('starts a shift that is due within two hours', async () => {
  await fleet.sql.query(
    `update fleet.shifts set planned_start = now() + interval '100 minutes' where driver_id = $1`,
    [driverAt(2).driverId],
  );
  const { driver } = await set(2, 'ON_DUTY');
  assert.ok(driver?.currentShift?.startedAt);
});

test('goes on duty without a shift', async () => {
  await fleet.sql.query(`delete from fleet.shifts where driver_id = $1`, [driverAt(3).driverId]);
  const { driver, userErrors } = await set(3, 'ON_DUTY');
  assert.deepEqual(userErrors, []);
  assert.equal(driver?.currentShift, null);
});

test('refuses an illegal step and says what is allowed', async () => {
  const { driver, userErrors } = await set(4, 'DRIVING');
  assert.equal(driver, null);
  assert.deepEqual(JSON.parse(JSON.stringify(userErrors)), [
    {
      __typename: 'IllegalTransitionError',
      code: 'ILLEGAL_TRANSITION',
      path: ['input', 'dutyStatus'],
      currentStatus: 'OFF_DUTY',
      allowed: ['ON_DUTY'],
    },
  ]);
});

test('replays a day that was recorded without a network, in order', async () => {
  const day = ['ON_DUTY', 'DRIVING', 'ON_BREAK', 'DRIVING', 'ON_DUTY', 'OFF_DUTY'];
  for (const [index, status] of day.entries()) {
    const { driver, userErrors } = await set(5, status, minutesAgo(50 - index));
    assert.deepEqual(userErrors, [], status);
    assert.equal(driver?.dutyStatus, status);
  }
});

test('lets what happened later stand when an earlier change arrives', async () => {
  await set(6, 'ON_DUTY', minutesAgo(40));
  await set(6, 'DRIVING', minutesAgo(10));
  const { driver, userErrors } = await set(6, 'ON_BREAK', minutesAgo(20));
  assert.deepEqual(userErrors, []);
  assert.equal(driver?.dutyStatus, 'DRIVING');
});

test('lets a status that was reported again stand, too, when an earlier change arrives', async () => {
  await set(10, 'ON_DUTY', minutesAgo(40));
  // Off at 20 minutes ago and on again since: the first of the two is sent last.
  await set(10, 'ON_DUTY', minutesAgo(10));
  const { driver, userErrors } = await set(10, 'OFF_DUTY', minutesAgo(20));
  assert.deepEqual(userErrors, []);
  assert.equal(driver?.dutyStatus, 'ON_DUTY');
  assert.ok(driver.currentShift);
});

test('answers a repeated key without a second change', async () => {
  const key = newId();
  const at = minutesAgo(5);
  await set(7, 'ON_DUTY', at, key);
  await set(7, 'DRIVING', minutesAgo(4));
  const { driver, userErrors } = await set(7, 'ON_DUTY', at, key);
  assert.deepEqual(userErrors, []);
  assert.equal(driver?.dutyStatus, 'DRIVING');
  assert.equal(driver?.version, 3);
});

test('refuses a key that was used with another body', async () => {
  const key = newId();
  await set(8, 'ON_DUTY', minutesAgo(5), key);
  const { userErrors } = await set(8, 'ON_BREAK', minutesAgo(4), key);
  assert.equal(userErrors[0]?.['code'], 'IDEMPOTENCY_KEY_REUSED');
  assert.deepEqual(userErrors[0]?.['path'], ['input', 'idempotencyKey']);
});

test('refuses an instant that no clock shows', async () => {
  for (const minutes of [-10, 32 * 24 * 60]) {
    const { userErrors } = await set(9, 'ON_DUTY', minutesAgo(minutes), '');
    assert.deepEqual(
      userErrors.map(({ code, path }) => ({ code, path })),
      [
        { code: 'INVALID', path: ['input', 'idempotencyKey'] },
        { code: 'INVALID', path: ['input', 'at'] },
      ],
    );
  }
});

test('is for drivers only, and for those who exist', async () => {
  const variables = {
    input: { idempotencyKey: newId(), dutyStatus: 'ON_DUTY', at: minutesAgo(0) },
  };
  const user = { ...tenant.user, scopes: ['driver:self'] };
  assert.equal(errorOf(await fleet.run(SET, { identity: user, variables }))['code'], 'FORBIDDEN');
  const unknown = driverOf(tenant.organizationId, newId());
  const answer = await fleet.run(SET, { identity: unknown, variables });
  assert.equal(errorOf(answer)['code'], 'FORBIDDEN');
});
