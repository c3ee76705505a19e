import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCursor } from '@quantumroute/schema/cursor';
import { encodeId, newId } from '@quantumroute/schema/ids';
import { insertTenant } from '../testing/fleet-data.ts';
import { dataOf, errorOf, startFleet } from '../testing/fleet-under-test.ts';

const fleet = await startFleet();
const tenant = await insertTenant(fleet.sql, { name: 'One', size: 3 });
const depotId = encodeId('depot', tenant.depotIds[0] ?? '');
const vehicleId = encodeId('vehicle', tenant.vehicleIds[0] ?? '');
const driverId = encodeId('driver', tenant.driverIds[0] ?? '');

async function refused(query: string, variables: Record<string, unknown> = {}) {
  const error = errorOf(await fleet.run(query, { identity: tenant.user, variables }));
  assert.equal(error['code'], 'BAD_USER_INPUT', JSON.stringify(error));
  return error['argumentPath'];
}

const LISTS = {
  vehicles: (args: string) => `{ vehicles(${args}) { nodes { id } } }`,
  drivers: (args: string) => `{ drivers(${args}) { nodes { id } } }`,
  depots: (args: string) => `{ depots(${args}) { nodes { id } } }`,
  'Depot.vehicles': (args: string) =>
    `{ depot(id: "${depotId}") { vehicles(${args}) { nodes { id } } } }`,
  'Driver.shifts': (args: string) => `{ driver(id: "${driverId}") {
    shifts(between: { from: "2026-01-01", to: "2026-01-02" }, ${args}) { nodes { id } }
  } }`,
  'Vehicle.positions': (args: string) => `{ vehicle(id: "${vehicleId}") { positions(
    between: { start: "2026-01-01T00:00:00Z", end: "2026-01-02T00:00:00Z" }, ${args}
  ) { nodes { recordedAt } } } }`,
};

test('refuses a first outside of its bounds', async () => {
  for (const [name, list] of Object.entries(LISTS)) {
    for (const first of [-1, 1001, 1_000_000]) {
      assert.deepEqual(await refused(list(`first: ${first}`)), ['first'], name);
    }
  }
});

test('refuses a cursor that was not made for the list', async () => {
  const someone = [newId(), newId()];
  const cursors = [
    '',
    'x',
    '0',
    'a'.repeat(5000),
    Buffer.from('["vehicles","a"]').toString('base64url'),
    encodeCursor(['reports', 1, 2]),
    encodeCursor(['vehicles', 'only the name']),
    encodeCursor(['shifts', 1e300, newId()]),
    encodeCursor(['shifts', -2e14, newId()]),
    encodeCursor(['positions', -2e14, newId()]),
    encodeCursor(['vehicles', 'name', "no' uuid"]),
    encodeCursor([...someone]),
  ];
  for (const [name, list] of Object.entries(LISTS)) {
    for (const cursor of cursors) {
      assert.deepEqual(await refused(list(`after: ${JSON.stringify(cursor)}`)), ['after'], name);
    }
  }
});

test('refuses the cursor of another list, and one with a changed character', async () => {
  const query = '{ drivers(first: 1) { pageInfo { endCursor } } }';
  const answer = await fleet.run(query, { identity: tenant.user });
  const cursor = dataOf<{ drivers: { pageInfo: { endCursor: string } } }>(answer).drivers.pageInfo
    .endCursor;
  assert.deepEqual(await refused(LISTS.vehicles(`after: "${cursor}"`)), ['after']);
  const last = cursor.at(-3) === 'A' ? 'B' : 'A';
  const changed = cursor.slice(0, -3) + last + cursor.slice(-2);
  assert.deepEqual(await refused(LISTS.drivers(`after: "${changed}"`)), ['after']);
});

test('refuses text that cannot be stored and areas that are none', async () => {
  const query = 'query ($filter: VehicleFilter) { vehicles(filter: $filter) { nodes { id } } }';
  const box = { south: 1, west: 1, north: 2, east: 2 };
  const cases = [
    [{ search: 'a\u0000b' }, ['filter', 'search']],
    [{ search: '\ud800' }, ['filter', 'search']],
    [{ search: 'x'.repeat(101) }, ['filter', 'search']],
    [{ capabilities: ['\u0000'] }, ['filter', 'capabilities']],
    [{ capabilities: Array.from({ length: 21 }, () => 'x') }, ['filter', 'capabilities']],
    [{ within: { ...box, north: 91 } }, ['filter', 'within', 'north']],
    [{ within: { ...box, west: -181 } }, ['filter', 'within', 'west']],
    [{ within: { ...box, south: 3 } }, ['filter', 'within', 'south']],
  ] as const;
  for (const [filter, path] of cases) {
    assert.deepEqual(await refused(query, { filter }), path, JSON.stringify(filter));
  }
});

test('refuses numbers that are none', async () => {
  const query = 'query ($filter: VehicleFilter) { vehicles(filter: $filter) { nodes { id } } }';
  for (const north of [Number.NaN, Number.POSITIVE_INFINITY, '1']) {
    await refused(query, { filter: { within: { south: 0, west: 0, east: 0, north } } });
  }
});

test('refuses days and instants that are none, reversed or too far apart', async () => {
  const shifts = `query ($between: DateRangeInput!) {
    driver(id: "${driverId}") { shifts(between: $between) { nodes { id } } }
  }`;
  const days = (from: string, to: string) => refused(shifts, { between: { from, to } });
  assert.deepEqual(await days('2026-01-02', '2026-01-01'), ['between']);
  assert.deepEqual(await days('2026-01-01', '2026-04-04'), ['between']);
  await days('2026-02-29', '2026-03-01');
  const positions = `query ($between: TimeWindowInput!, $step: Int! = 30) {
    vehicle(id: "${vehicleId}") {
      positions(between: $between, resolutionSeconds: $step) { nodes { recordedAt } }
    }
  }`;
  const times = (start: string, end: string) => refused(positions, { between: { start, end } });
  assert.deepEqual(await times('2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z'), ['between']);
  assert.deepEqual(await times('2026-01-01T00:00:00Z', '2026-02-01T00:00:01Z'), ['between']);
  await times('2026-01-01T25:00:00Z', '2026-01-02T00:00:00Z');
  const between = { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' };
  for (const step of [0, -5, 86_401]) {
    assert.deepEqual(await refused(positions, { between, step }), ['resolutionSeconds']);
  }
});

test('accepts the first and the last instant that can be written', async () => {
  const query = `{ vehicle(id: "${vehicleId}") {
    early: positions(between: { start: "0001-01-01T00:00:00Z", end: "0001-01-02T00:00:00Z" }) {
      nodes { recordedAt }
    }
    late: positions(between: { start: "9999-12-30T00:00:00Z", end: "9999-12-31T23:59:59Z" }) {
      nodes { recordedAt }
    }
  } }`;
  dataOf(await fleet.run(query, { identity: tenant.user }));
});

test('refuses to count without bound', async () => {
  for (const upTo of [-1, 10_001]) {
    const query = `{ vehicles { count(upTo: ${upTo}) { value } } }`;
    assert.deepEqual(await refused(query), ['upTo']);
  }
});

test('answers malformed ids with null', async () => {
  const query = `query ($id: ID!) { depot(id: $id) { id } vehicle(id: $id) { id } driver(id: $id) { id } }`;
  for (const id of [
    '',
    '0',
    'veh_',
    `${vehicleId}x`,
    vehicleId.toUpperCase(),
    '\u0000',
    '\ud800',
  ]) {
    const data = dataOf(await fleet.run(query, { identity: tenant.user, variables: { id } }));
    assert.deepEqual({ ...(data as object) }, { depot: null, vehicle: null, driver: null });
  }
});
