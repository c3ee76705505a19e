import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '@quantumroute/schema/ids';
import { insertTenant } from '../testing/fleet-data.ts';
import { startFleet } from '../testing/fleet-under-test.ts';

/** The promise to the other subgraphs: columns and their types, in any order. */
const PROMISED = {
  organizations: { id: 'uuid', name: 'text', time_zone: 'text', currency: 'text' },
  partners: { id: 'uuid', organization_id: 'uuid', name: 'text' },
  depots: {
    id: 'uuid',
    organization_id: 'uuid',
    code: 'text',
    name: 'text',
    latitude: 'float8',
    longitude: 'float8',
    time_zone: 'text',
  },
  vehicles: {
    id: 'uuid',
    organization_id: 'uuid',
    home_depot_id: 'uuid',
    display_name: 'text',
    registration_plate: 'text',
    kind: 'text',
    status: 'text',
    capabilities: '_text',
    capacity_weight_kg: 'float8',
    capacity_volume_m3: 'float8',
    capacity_parcels: 'int4',
    cost_per_km: 'numeric',
    cost_per_hour: 'numeric',
    cost_fixed_per_day: 'numeric',
    energy_carrier: 'text',
    wtw_grams_co2e_per_km: 'float8',
    emission_data_quality: 'text',
    factor_set: 'text',
  },
  drivers: {
    id: 'uuid',
    organization_id: 'uuid',
    home_depot_id: 'uuid',
    display_name: 'text',
    skills: '_text',
  },
  shifts: {
    id: 'uuid',
    organization_id: 'uuid',
    depot_id: 'uuid',
    driver_id: 'uuid',
    vehicle_id: 'uuid',
    planned_start: 'timestamptz',
    planned_end: 'timestamptz',
    started_at: 'timestamptz',
    ended_at: 'timestamptz',
  },
  odometer_readings: {
    vehicle_id: 'uuid',
    organization_id: 'uuid',
    recorded_at: 'timestamptz',
    odometer_meters: 'int8',
  },
};

const { sql } = await startFleet();
const tenant = await insertTenant(sql, { name: 'One', size: 2, depots: 2 });

test('publishes the columns that were promised', async () => {
  const { rows } = await sql.query<{ view: string; column: string; type: string }>(
    `select table_name as view, column_name as column, udt_name as type
     from information_schema.columns where table_schema = 'fleet_published'`,
  );
  for (const [view, columns] of Object.entries(PROMISED)) {
    const published = rows.filter((row) => row.view === view);
    const types = Object.fromEntries(published.map(({ column, type }) => [column, type]));
    assert.deepEqual(types, columns, view);
  }
});

test('publishes the depot of the vehicle for a shift, or that of the driver', async () => {
  const [, driverId] = tenant.driverIds;
  await sql.query(
    `insert into fleet.shifts (id, organization_id, driver_id, planned_start, planned_end)
     values ($1, $2, $3, now() + interval '1 day', now() + interval '2 days')`,
    [newId(), tenant.organizationId, driverId],
  );
  await sql.query('update fleet.vehicles set home_depot_id = $1', [tenant.depotIds[1]]);
  await sql.query('update fleet.drivers set home_depot_id = $1', [tenant.depotIds[0]]);
  const { rows } = await sql.query<{ depot_id: string }>(
    `select depot_id from fleet_published.shifts where driver_id = $1
     order by vehicle_id is null`,
    [driverId],
  );
  assert.deepEqual(
    rows.map((row) => row.depot_id),
    [tenant.depotIds[1], tenant.depotIds[0]],
  );
});

test('publishes no cost as zero', async () => {
  await sql.query(
    'update fleet.vehicles set cost_per_km = null, cost_per_hour = null, cost_fixed_per_day = null',
  );
  const { rows } = await sql.query(
    'select distinct cost_per_km, cost_per_hour, cost_fixed_per_day from fleet_published.vehicles',
  );
  assert.deepEqual(rows, [{ cost_per_km: '0', cost_per_hour: '0', cost_fixed_per_day: '0' }]);
});

test('refuses a row that refers to another organization', async () => {
  const other = await insertTenant(sql, { name: 'Other', size: 1 });
  await assert.rejects(
    sql.query('update fleet.vehicles set home_depot_id = $1 where id = $2', [
      other.depotIds[0],
      tenant.vehicleIds[0],
    ]),
    /foreign key/,
  );
});

test('publishes what every kind of vehicle emits, also when nobody has stated anything', async () => {
  for (const [index, kind] of ['CARGO_BIKE', 'RIGID_TRUCK'].entries()) {
    await sql.query('update fleet.vehicles set kind = $1 where id = $2', [
      kind,
      tenant.vehicleIds[index],
    ]);
  }
  const published = await sql.query<{ kind: string; grams: number; quality: string }>(
    `select kind, round(wtw_grams_co2e_per_km)::int as grams, emission_data_quality as quality
     from fleet_published.vehicles where kind <> 'VAN' order by kind`,
  );
  assert.deepEqual(published.rows, [
    { kind: 'CARGO_BIKE', grams: 6, quality: 'DEFAULT' },
    { kind: 'RIGID_TRUCK', grams: 810, quality: 'DEFAULT' },
  ]);
});

test('finds the last odometer reading before an instant with one look into an index', async () => {
  const [vehicleId] = tenant.vehicleIds;
  await sql.query(
    `insert into fleet.positions (vehicle_id, organization_id, recorded_at, latitude, longitude, odometer_meters)
     select $1, $2, '2026-01-01'::timestamptz + n * interval '1 second', 1, 1,
       case when n % 1000 = 0 then n end
     from generate_series(0, 20000) n`,
    [vehicleId, tenant.organizationId],
  );
  await sql.query('vacuum analyze fleet.positions');
  const lookUp = `select odometer_meters from fleet_published.odometer_readings
    where vehicle_id = $1 and recorded_at <= '2026-01-01 01:00:00Z'::timestamptz
    order by recorded_at desc limit 1`;
  const { rows } = await sql.query(lookUp, [vehicleId]);
  assert.deepEqual(rows, [{ odometer_meters: '3000' }]);
  const plan = await sql.query(`explain (format json) ${lookUp.replace('$1', `'${vehicleId}'`)}`);
  assert.match(JSON.stringify(plan.rows), /Index Only Scan.*positions_with_odometer/);
});
