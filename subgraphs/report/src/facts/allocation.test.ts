import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { newId } from '@quantumroute/schema/ids';

import type { FactWorld } from '../../test/fact-world.ts';
import { createFactWorld } from '../../test/fact-world.ts';
import type { RouteEvent } from '../../test/route-events.ts';
import {
  emit,
  projectAll,
  rollUpAll,
  routeFinished,
  somewhere,
  stopFinished,
} from '../../test/route-events.ts';

let world: FactWorld;

before(async () => {
  world = await createFactWorld();
});
after(() => world.drop());

async function happened(...events: readonly RouteEvent[]): Promise<void> {
  await emit(world.sql, ...events);
  await projectAll(world.postgres);
}

describe('a route that has ended', () => {
  test('shares its cost out by time, to the last cent, and its emissions by load and distance', async () => {
    const place = somewhere();
    await addVehicle(place);
    const stops = [
      {
        legDurationSeconds: 500,
        serviceSeconds: 500,
        loadWeightKg: 30,
        directDistanceMeters: 1_000,
      },
      {
        legDurationSeconds: 700,
        serviceSeconds: 300,
        loadWeightKg: 10,
        directDistanceMeters: 3_000,
      },
      {
        legDurationSeconds: 0,
        serviceSeconds: 1_000,
        loadWeightKg: 20,
        directDistanceMeters: 2_000,
      },
    ];
    const events = stops.map((stop, index) =>
      stopFinished(place, { ...stop, plannedSequence: index + 1 }),
    );
    await happened(...events, routeFinished(place, { cost: 100 }));
    const shares = () =>
      world.rows<{ allocated_cost: string; share: number }>(
        `select stop.allocated_cost, round((stop.allocated_co2e_grams / route.co2e_grams)::numeric, 4)::float8 as share
         from report.stop_facts stop join report.route_facts route using (route_id)
         where route_id = $1 order by planned_sequence`,
        [place.routeId],
      );
    assert.deepEqual(await shares(), [
      { allocated_cost: '33.3333', share: 0.3 },
      { allocated_cost: '33.3334', share: 0.3 },
      { allocated_cost: '33.3333', share: 0.4 },
    ]);

    const [first] = events;
    assert.ok(first);
    const correction = { ...stops[0], serviceSeconds: 1_500, plannedSequence: 1 };
    await happened(stopFinished(place, { stopId: first.subjectId, ...correction }));
    assert.deepEqual(
      (await shares()).map((row) => row.allocated_cost),
      ['50.0000', '25.0000', '25.0000'],
    );
    await rollUpAll(world.postgres);
    const sum = await world.rows(
      'select allocated_cost, cost from report.depot_days where depot_id = $1',
      [place.depotId],
    );
    assert.deepEqual(sum, [{ allocated_cost: '100.0000', cost: '100.00' }]);
  });

  test('shares out evenly where there is no time and no load', async () => {
    const place = somewhere();
    await addVehicle(place);
    const nothing = { legDurationSeconds: 0, serviceSeconds: 0, loadWeightKg: 0 };
    await happened(
      stopFinished(place, nothing),
      stopFinished(place, nothing),
      routeFinished(place),
    );
    const rows = await world.rows<{ cost: string; grams: number }>(
      'select allocated_cost as cost, allocated_co2e_grams as grams from report.stop_facts where route_id = $1',
      [place.routeId],
    );
    assert.deepEqual(
      rows.map(({ cost }) => cost),
      ['150.0000', '150.0000'],
    );
    assert.equal(rows[0]?.grams, rows[1]?.grams);
    assert.ok((rows[0]?.grams ?? 0) > 0);
  });

  test('emits by the distance that its odometer tells and that can be driven, else by the planned one', async () => {
    const measured = somewhere();
    const planned = { ...measured, routeId: newId(), serviceDate: '2026-03-03' };
    const exchanged = { ...measured, routeId: newId(), serviceDate: '2026-03-04' };
    await addVehicle(measured);
    await world.sql.query(
      `insert into fleet.positions (vehicle_id, organization_id, recorded_at, latitude, longitude, odometer_meters)
       select $1::uuid, $2::uuid, '2026-03-02T08:00:00Z'::timestamptz + n * interval '1 hour', 53, 10, 1000000 + n * 15000
       from generate_series(0, 8) n
       union all select $1, $2, at, 53, 10, meters from (values
         ('2026-03-04T08:00:00Z'::timestamptz, 0), ('2026-03-04T16:00:00Z', 250000000)
       ) exchanged (at, meters)`,
      [measured.vehicleId, measured.organizationId],
    );
    await happened(routeFinished(measured), routeFinished(planned), routeFinished(exchanged));
    assert.deepEqual(
      await world.rows(
        `select actual_distance_meters, emission_data_quality, energy_carrier,
           round((co2e_grams / coalesce(actual_distance_meters, distance_meters))::numeric, 4)::float8 as rate
         from report.route_facts where vehicle_id = $1 order by service_date`,
        [measured.vehicleId],
      ),
      [120_000, null, null].map((meters) => ({
        actual_distance_meters: meters,
        emission_data_quality: 'DEFAULT',
        energy_carrier: 'DIESEL',
        rate: 0.2916,
      })),
    );
  });
});

async function addVehicle({
  organizationId,
  vehicleId,
  depotId,
}: {
  organizationId: string;
  vehicleId: string;
  depotId: string;
}): Promise<void> {
  await world.sql.query(
    `insert into fleet.organizations (id, name, time_zone, currency)
     values ($1, 'Own', 'UTC', 'EUR') on conflict do nothing`,
    [organizationId],
  );
  await world.sql.query(
    `insert into fleet.depots (id, organization_id, code, name, latitude, longitude, time_zone)
     values ($1, $2, 'D', 'Depot', 53.5, 10, 'UTC')`,
    [depotId, organizationId],
  );
  await world.sql.query(
    `insert into fleet.vehicles (id, organization_id, display_name, registration_plate, kind,
       home_depot_id, capacity_weight_kg, capacity_volume_m3)
     values ($1, $2, 'Van', $3, 'VAN', $4, 1000, 10)`,
    [vehicleId, organizationId, `T-${vehicleId.slice(-6)}`, depotId],
  );
}
