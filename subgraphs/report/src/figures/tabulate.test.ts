import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { Tenant, World } from '../../test/world.ts';
import { createWorld } from '../../test/world.ts';
import type { Sql } from '../storage/sql.ts';
import { numbered } from '../storage/sql.ts';
import { kindOf } from './kind.ts';
import { measure } from './measure.ts';
import type { Tabulation } from './tabulate.ts';
import { tabulate } from './tabulate.ts';

const PERIOD = { from: '2026-11-10', to: '2026-11-10' };
const MANY = 1_200;

let world: World;

before(async () => {
  world = await createWorld();
  const { north, south } = world;
  await world.addRoute({ tenant: north, day: PERIOD.from, hours: 4, meters: 10_000 });
  for (const vehicle of north.vehicles) {
    const [start, end] = ['2026-11-10T07:00:00Z', '2026-11-10T15:00:00Z'];
    await world.addShift({ tenant: north, vehicle, start, end });
  }
  await addManyVehicles(south);
});

after(() => world?.drop());

/** The later its name comes, the further a vehicle has been. */
async function addManyVehicles({ id, depots, drivers }: Tenant): Promise<void> {
  await world.sql.query(
    `with vehicle as (
       insert into fleet.vehicles (id, organization_id, display_name, registration_plate, kind,
         home_depot_id, capacity_weight_kg, capacity_volume_m3)
       select gen_random_uuid(), $1, 'Truck ' || lpad(n::text, 5, '0'), 'T' || n, 'VAN', $2, 1, 1
       from generate_series(1, $4::int) n
       returning *)
     insert into report.route_facts (route_id, organization_id, depot_id, vehicle_id, driver_id,
       service_date, planned_start, planned_end, started_at, ended_at, distance_meters,
       driving_seconds, service_seconds, waiting_seconds, empty_distance_meters, stop_count,
       load_weight_kg, capacity_weight_kg, load_weight_meters, cost, currency, recorded_at)
     select gen_random_uuid(), organization_id, home_depot_id, id, $3, $5::date, $5::date, $5::date,
       $5::date, $5::date, substring(registration_plate from 2)::int, 1, 1, 0, 0, 1, 1, 1, 1, 1,
       'EUR', $5::date
     from vehicle`,
    [id, depots[0], drivers[0], MANY, PERIOD.from],
  );
}

async function query(statement: Sql): Promise<Record<string, unknown>[]> {
  const { rows } = await world.sql.query<Record<string, unknown>>(numbered(statement), [
    ...statement.values,
  ]);
  return rows;
}

function rowsOf(tenant: Tenant, changes: Partial<Tabulation>) {
  const { statement } = tabulate({
    scope: { organizationId: tenant.id, narrow: { by: 'organization' } },
    period: PERIOD,
    dimensions: ['vehicle'],
    figures: ['utilization', 'distance'],
    minimumStops: 0,
    limit: 10,
    reading: 'facts',
    ...changes,
  });
  return query(statement);
}

test('a vehicle that stood still in its shift was used for nothing, which is not unknown', async () => {
  const rows = await rowsOf(world.north, {});
  assert.deepEqual(rows, [
    { vehicle: 'Van 0', utilization: 0.5, distance: 10_000 },
    { vehicle: 'Van 1', utilization: 0, distance: 0 },
  ]);
});

test('groups are ranked among all of them, not among the first by name', async () => {
  const rows = await rowsOf(world.south, { figures: ['distance'], rankBy: 'distance', limit: 2 });
  assert.deepEqual(rows, [
    { vehicle: 'Truck 01200', distance: 1_200 },
    { vehicle: 'Truck 01199', distance: 1_199 },
  ]);
});

test('totals agree with rows about a time of which there is nothing to say', async () => {
  const totals = await measure(query, {
    scope: { organizationId: world.north.id, narrow: { by: 'depot', id: world.north.depots[1] } },
    present: PERIOD,
    previous: { from: '2026-11-09', to: '2026-11-09' },
    figures: kindOf('FLEET_UTILIZATION').totals,
    reading: 'facts',
  });
  const of = (wanted: string) => {
    const total = totals.find(({ key }) => key === wanted);
    return [total?.value, total?.numerator, total?.denominator, total?.previous];
  };
  assert.deepEqual(of('routes'), [0, null, null, 0]);
  assert.deepEqual(of('distance'), [0, null, null, 0]);
  assert.deepEqual(of('shiftTime'), [8 * 3600, null, null, 0]);
  assert.deepEqual(of('utilization'), [0, 0, 8 * 3600, null]);
  assert.deepEqual(of('costPerStop'), [null, 0, 0, null]);
});
