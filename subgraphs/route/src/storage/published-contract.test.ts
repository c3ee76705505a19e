import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { testDatabase } from '@quantumroute/ops/local/testing';
import type { TestDatabase } from '@quantumroute/ops/local/testing';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';
import { newId } from '@quantumroute/schema/ids';

import { openStorage } from './open-storage.ts';
import { depotDays } from './stores/depot-days.ts';
import { finishedStops } from './stores/finished-stops.ts';
import { metricsOfPlans } from './stores/plan-queries.ts';
import { freeShifts, planningDay } from './stores/planning-queries.ts';
import { profilesOfVehicles } from './stores/vehicle-profiles.ts';

let database: TestDatabase;
let postgres: Postgres;

before(async () => {
  database = await testDatabase(['fleet', 'route']);
  const config = {
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: 2,
    DATABASE_STATEMENT_TIMEOUT_MS: 5_000,
  };
  const log = createLogger({ service: 'route', level: 'silent' });
  postgres = await openStorage({ config, log, metrics: createMetrics('route') });
});
after(async () => {
  await postgres?.close();
  await database?.drop();
});

test('what fleet publishes has the columns that route reads', async () => {
  const em = postgres.fork();
  const [organizationId, depotId, planId] = [newId(), newId(), newId()];
  const day = { planId, organizationId, depotId, serviceDate: '2026-12-01', dayStartMs: 0 };
  const scope = { organizationId, partnerId: null };
  assert.equal(await planningDay(em, planId), null);
  assert.deepEqual(
    await freeShifts(em, { ...day, latitude: 0, longitude: 0, currency: 'EUR' }),
    [],
  );
  assert.deepEqual(await depotDays(em, { organizationId, dates: ['2026-12-01'] }), []);
  assert.equal((await profilesOfVehicles(em, scope, [newId()])).size, 0);
  assert.equal((await metricsOfPlans(em, scope, [planId])).size, 0);
  assert.deepEqual(await finishedStops(em, { routeId: newId() }), []);
});

test('what route publishes has the columns that reports read', async () => {
  const em = postgres.fork();
  await em.execute(
    `select transaction_id, position, organization_id, type, subject_id, body, recorded_at
     from route_published.events`,
  );
  await em.execute(
    `select experiment_id, variant_key, organization_id, depot_id, service_date, unit, is_control,
       algorithm, is_driven, is_whole_day, plan_id, run_id, cost, currency, distance_meters,
       duration_seconds, driving_seconds, vehicle_count, assigned_count, unassigned_count,
       compute_seconds, recorded_at
     from route_published.experiment_outcomes`,
  );
  await em.execute(
    `select id, organization_id, depot_id, partner_id, tracking_number, external_reference, kind,
       status, service_date, attempt, load_weight_kg, load_volume_m3, load_parcels, promised_start,
       promised_end, created_at, finished_at, stop_id, planned_arrival, arrived_at, departed_at,
       failure_reason
     from route_published.orders`,
  );
});
