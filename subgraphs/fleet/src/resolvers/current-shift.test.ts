import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeId, newId } from '@quantumroute/schema/ids';
import { insertTenant } from '../testing/fleet-data.ts';
import { dataOf, startFleet } from '../testing/fleet-under-test.ts';

const QUERY = `query ($vehicle: ID!, $driver: ID!) {
  vehicle(id: $vehicle) { currentShift { id } currentDriver { id } }
  driver(id: $driver) { currentShift { id } currentVehicle { id } }
}`;

type Seen = {
  vehicle: { currentShift: { id: string } | null; currentDriver: { id: string } | null };
  driver: { currentShift: { id: string } | null; currentVehicle: { id: string } | null };
};

const fleet = await startFleet();
const tenant = await insertTenant(fleet.sql, { name: 'One', size: 8 });

/** Puts shifts in the place of the one that a driver has; times are SQL, counted from now. */
async function seenWith(index: number, shifts: Record<string, string | null>[]) {
  const [vehicleId, driverId] = [tenant.vehicleIds[index] ?? '', tenant.driverIds[index] ?? ''];
  await fleet.sql.query('delete from fleet.shifts where driver_id = $1', [driverId]);
  const ids: string[] = [];
  for (const { start = '-1h', end = '8h', started = null, ended = null } of shifts) {
    const id = newId();
    ids.push(encodeId('shift', id));
    await fleet.sql.query(
      `insert into fleet.shifts (id, organization_id, driver_id, vehicle_id,
         planned_start, planned_end, started_at, ended_at)
       values ($1, $2, $3, $4, now() + $5::interval, now() + $6::interval,
         now() + $7::interval, now() + $8::interval)`,
      [id, tenant.organizationId, driverId, vehicleId, start, end, started, ended],
    );
  }
  const variables = {
    vehicle: encodeId('vehicle', vehicleId),
    driver: encodeId('driver', driverId),
  };
  const seen = dataOf<Seen>(await fleet.run(QUERY, { identity: tenant.user, variables }));
  assert.equal(seen.driver.currentShift?.id, seen.vehicle.currentShift?.id);
  return { ids, seen, variables };
}

test('is the shift whose planned time covers this moment', async () => {
  const { ids, seen, variables } = await seenWith(0, [
    { start: '-26h', end: '-18h' },
    {},
    { start: '22h', end: '30h' },
  ]);
  assert.equal(seen.vehicle.currentShift?.id, ids[1]);
  assert.equal(seen.vehicle.currentDriver?.id, variables.driver);
  assert.equal(seen.driver.currentVehicle?.id, variables.vehicle);
});

test('is a shift that was started and not ended, before or after its planned time', async () => {
  const late = await seenWith(1, [{ start: '-10h', end: '-2h', started: '-10h' }, {}]);
  assert.equal(late.seen.driver.currentShift?.id, late.ids[0]);
  const early = await seenWith(2, [{ start: '1h', end: '9h', started: '-1m' }]);
  assert.equal(early.seen.driver.currentShift?.id, early.ids[0]);
});

test('is the later of two shifts that were never ended', async () => {
  const { ids, seen } = await seenWith(3, [
    { start: '-50h', end: '-42h', started: '-50h' },
    { started: '-1h' },
  ]);
  assert.equal(seen.driver.currentShift?.id, ids[1]);
});

test('is none when the shift has ended or there is none', async () => {
  const ended = await seenWith(4, [{ started: '-1h', ended: '-1m' }]);
  assert.equal(ended.seen.driver.currentShift, null);
  assert.equal(ended.seen.vehicle.currentDriver, null);
  assert.equal(ended.seen.driver.currentVehicle, null);
  const none = await seenWith(5, []);
  assert.equal(none.seen.vehicle.currentShift, null);
});

test('may be a shift without a vehicle', async () => {
  const { ids, variables } = await seenWith(6, [{}]);
  await fleet.sql.query('update fleet.shifts set vehicle_id = null where driver_id = $1', [
    tenant.driverIds[6],
  ]);
  const seen = dataOf<Seen>(await fleet.run(QUERY, { identity: tenant.user, variables }));
  assert.equal(seen.driver.currentShift?.id, ids[0]);
  assert.equal(seen.driver.currentVehicle, null);
  assert.equal(seen.vehicle.currentShift, null);
});
