import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { testDatabase } from '@quantumroute/ops/local/testing';
import { createLogger } from '@quantumroute/ops/log';
import { migratePostgres } from '@quantumroute/ops/postgres';
import { newId } from '@quantumroute/schema/ids';
import pg from 'pg';

import { migrateStorage } from './open-storage.ts';

const log = createLogger({ service: 'route', level: 'silent' });
const MIGRATIONS = join(import.meta.dirname, 'migrations');

test('facts of earlier versions become events with the instants at which they were recorded', async (t) => {
  const database = await testDatabase(['fleet']);
  const client = new pg.Client({ connectionString: database.url });
  t.after(async () => {
    await client.end();
    await database.drop();
  });
  await client.connect();
  await migrateBefore(database.url, '0007');
  const { depotId, stopId, routeId } = await insertFacts(client);
  await migrateStorage({ config: { DATABASE_URL: database.url }, log });
  const { rows } = await client.query(
    `select type, subject_id, recorded_at, expires_at > now() + interval '29 days' as is_kept, body
     from route.outbox order by position`,
  );
  assert.deepEqual(
    rows.map(({ type, subject_id: subject }) => [type, subject]),
    [
      ['stop.finished', stopId],
      ['route.finished', routeId],
    ],
  );
  const [stop, route] = rows;
  assert.equal(stop.recorded_at.toISOString(), '2026-10-01T10:00:00.000Z');
  assert.equal(stop.is_kept, true);
  assert.partialDeepStrictEqual(stop.body, {
    depotId,
    serviceDate: '2026-10-01',
    arrivedAt: '2026-10-01T09:00:00.000Z',
    legDistanceMeters: 0,
    etaErrorSeconds: null,
    ordersInFull: 1,
    failureReason: null,
  });
  assert.partialDeepStrictEqual(route.body, {
    cost: 12.5,
    currency: 'EUR',
    emptyDistanceMeters: 0,
  });
  const { rows: left } = await client.query(`select to_regclass('route.stop_facts') as facts`);
  assert.deepEqual(left, [{ facts: null }]);
});

/** Runs the migrations before one number, from a folder that leads to them. */
async function migrateBefore(url: string, number: string): Promise<void> {
  const migrationsPath = await mkdtemp(join(tmpdir(), 'migrations-'));
  try {
    const names = await readdir(MIGRATIONS);
    const earlier = names.filter((name) => /_/.test(name) && name.slice(17, 21) < number);
    assert.equal(earlier.length, Number(number) - 1);
    for (const name of earlier) {
      const source = pathToFileURL(join(MIGRATIONS, name)).href;
      await writeFile(join(migrationsPath, name), `export * from '${source}';\n`);
    }
    await migratePostgres({ url, schema: 'route', migrationsPath, log });
  } finally {
    await rm(migrationsPath, { recursive: true });
  }
}

async function insertFacts(client: pg.Client) {
  const [stopId, routeId, depotId, id] = [newId(), newId(), newId(), newId()];
  const recordedAt = '2026-10-01T10:00:00Z';
  await client.query(
    `insert into route.stop_facts (stop_id, organization_id, depot_id, route_id, vehicle_id,
       driver_id, service_date, kind, outcome, planned_arrival, arrived_at, departed_at, order_count,
       orders_in_full, orders_otif, orders_first_attempt, dwell_seconds, planned_sequence,
       actual_sequence, service_seconds, recorded_at)
     values ($1, $4, $3, $2, $4, $4, '2026-10-01', 'DROPOFF', 'COMPLETED', '2026-10-01T09:00:00Z',
       '2026-10-01T09:00:00Z', '2026-10-01T09:05:00Z', 1, 1, 1, 1, 300, 1, 1, 180, $5)`,
    [stopId, routeId, depotId, id, recordedAt],
  );
  await client.query(
    `insert into route.route_facts (route_id, organization_id, depot_id, vehicle_id, driver_id,
       service_date, planned_start, planned_end, started_at, ended_at, distance_meters,
       driving_seconds, stop_count, load_weight_kg, capacity_weight_kg, cost, currency, recorded_at)
     values ($1, $3, $2, $3, $3, '2026-10-01', '2026-10-01T08:00:00Z', '2026-10-01T10:00:00Z',
       '2026-10-01T08:00:00Z', '2026-10-01T10:00:00Z', 20000, 3600, 1, 10, 1000, 12.5, 'EUR', $4)`,
    [routeId, depotId, id, recordedAt],
  );
  return { stopId, routeId, depotId };
}
