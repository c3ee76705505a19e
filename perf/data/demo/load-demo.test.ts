import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { testDatabase } from '@quantumroute/ops/local/testing';
import type { TestDatabase } from '@quantumroute/ops/local/testing';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import pg from 'pg';
import { DEMO_DEPOTS, LARKFIELD, demoApiKeys, demoIdentities } from '../demo-identities.ts';
import { silentProgress } from '../load/progress.ts';
import { loadDemo } from './load-demo.ts';
import { SMALL } from './parts.ts';
import { finishedRoute, finishedStops, openStorage, stopFinished } from './product.ts';

// Noon in Chicago and evening in Lyon, on a Monday.
const monday = Date.parse('2026-11-23T18:00:00Z');
const dayMs = 86_400_000;

let database: TestDatabase;
let client: pg.Client;

before(async () => {
  database = await testDatabase(['fleet', 'route', 'report']);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

after(async () => {
  await client.end();
  await database.drop();
});

const load = (now: number) => loadDemo(client, { size: SMALL, now, progress: silentProgress });

async function value(sql: string, parameters: unknown[] = []): Promise<number> {
  const { rows } = await client.query<{ value: string }>(sql, parameters);
  return Number(rows[0]?.value);
}

test('the first load fills all rooms, the second does nothing', async () => {
  assert.ok((await load(monday)) > 3000);
  const startedAt = performance.now();
  assert.equal(await load(monday + 60_000), 0);
  assert.ok(performance.now() - startedAt < 1000);
  assert.equal(await value('select count(*) as value from fleet.organizations'), 2);
  assert.equal(await value('select count(*) as value from fleet.depots'), 4);
  assert.equal(await value('select count(*) as value from fleet.vehicles'), 12);
  assert.equal(
    await value('select count(distinct service_date) as value from report.stop_facts'),
    SMALL.historyDays,
  );
});

test('there are open orders for today and tomorrow, and shifts to serve them', async () => {
  const open = `select count(*) as value from route.orders
    where depot_id = $1 and status = 'ACCEPTED' and service_date = $2`;
  assert.equal(await value(open, [DEMO_DEPOTS['CHI-N'], '2026-11-23']), 12);
  assert.ok((await value(open, [DEMO_DEPOTS['CHI-N'], '2026-11-24'])) > 0);
  const shifts = `select count(*) as value from fleet_published.shifts
    where depot_id = $1 and planned_start::date = $2 and started_at is null`;
  assert.ok((await value(shifts, [DEMO_DEPOTS['CHI-N'], '2026-11-23'])) >= 2);
});

test('every reference and check holds', async () => {
  const { rows } = await client.query<{ name: string; table: string; definition: string }>(`
    select conname as name, conrelid::regclass::text as table,
      pg_get_constraintdef(oid) as definition
    from pg_constraint
    where contype in ('f', 'c') and connamespace::regnamespace::text in ('fleet', 'route')`);
  assert.ok(rows.length > 20);
  // Adding a constraint checks all rows.
  for (const { name, table, definition } of rows) {
    await client.query(
      `alter table ${table} drop constraint "${name}", add constraint "${name}" ${definition}`,
    );
  }
});

test('facts agree with the stops and routes that they are about', async () => {
  const differing = await value(`
    select count(*) as value from route.stops stop
    full join report.stop_facts fact on fact.stop_id = stop.id
    where fact.stop_id is null or stop.id is null or fact.outcome <> stop.status
      or fact.arrived_at <> stop.arrived_at or fact.planned_sequence <> stop.sequence
      or fact.order_count <> (select count(*) from route.orders where stop_id = stop.id)`);
  assert.equal(differing, 0);
  assert.equal(
    await value(`select count(*) as value from route.routes route
      left join report.route_facts fact on fact.route_id = route.id
      where fact.stop_count is distinct from
        (select count(*)::int from route.stops where route_id = route.id)`),
    0,
  );
});

test('what stops are given of cost and emissions is what their routes have', async () => {
  const differing = await value(`
    select count(*) as value from report.route_facts route
    where cost is distinct from (select sum(allocated_cost) from report.stop_facts stop
        where stop.route_id = route.route_id)
      or abs(co2e_grams / (select sum(allocated_co2e_grams) from report.stop_facts stop
        where stop.route_id = route.route_id) - 1) > 0.001`);
  assert.equal(differing, 0);
  const qualities = `select count(distinct emission_data_quality) as value from report.route_facts`;
  assert.equal(await value(qualities), 2);
});

test('facts are what the route subgraph tells of the same stops and routes', async () => {
  const postgres = await openStorage({
    config: {
      DATABASE_URL: database.url,
      DATABASE_POOL_SIZE: 2,
      DATABASE_STATEMENT_TIMEOUT_MS: 10_000,
    },
    log: createLogger({ service: 'perf', level: 'silent' }),
    metrics: createMetrics('perf'),
  });
  const { rows } = await client.query<{ id: string }>('select id from route.routes limit 10');
  for (const { id: routeId } of rows) {
    const stops = await finishedStops(postgres.fork(), { routeId });
    for (const body of stops.map(stopFinished)) {
      await assertFact(body, ['report.stop_facts', 'stop_id', body.stopId]);
    }
    const body = await finishedRoute(postgres.fork(), routeId);
    await assertFact(body ?? {}, ['report.route_facts', 'route_id', routeId]);
  }
  await postgres.close();
});

/** Each value of an event is that of the column; metres may be rounded another way. */
async function assertFact(body: object, [table, key, id]: [string, string, string]): Promise<void> {
  const { rows } = await client.query<Record<string, unknown>>(
    `select *, service_date::text from ${table} where ${key} = $1`,
    [id],
  );
  for (const [name, told] of Object.entries(body)) {
    const column = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const known = rows[0]?.[column];
    if (typeof told === 'number') {
      assert.ok(Math.abs(Number(known) - told) <= Math.max(1, told * 1e-9), `${table}.${column}`);
    } else {
      assert.deepEqual(known instanceof Date ? known.toISOString() : known, told, column);
    }
  }
}

test('the days of the facts wait to be summed up', async () => {
  const days = `select count(*) as value from (
    select organization_id, service_date from report.stop_facts
    except select organization_id, service_date from report.dirty_days) missing`;
  assert.equal(await value(days), 0);
});

test('the identities of the demo exist', async () => {
  for (const { driverId, label } of [demoIdentities.driver, demoIdentities.secondDriver]) {
    const { rows } = await client.query(
      'select display_name from fleet.drivers where organization_id = $1 and id = $2',
      [LARKFIELD, driverId],
    );
    assert.deepEqual(rows, [{ display_name: label.split(',')[0] }]);
  }
  const [apiKey] = demoApiKeys;
  const sha256 = createHash('sha256').update(apiKey.key).digest('hex');
  const { rows } = await client.query(
    'select organization_id, partner_id, client, scopes from fleet.partner_api_keys where sha256 = $1',
    [sha256],
  );
  const { organizationId, partnerId, client: name, scopes } = apiKey;
  assert.deepEqual(rows, [
    { organization_id: organizationId, partner_id: partnerId, client: name, scopes: [...scopes] },
  ]);
});

test('the next days turn untouched days into history and open new ones', async () => {
  assert.ok((await load(monday + 2 * dayMs)) > 0);
  const depots = Object.values(DEMO_DEPOTS);
  for (const day of ['2026-11-23', '2026-11-24']) {
    assert.equal(
      await value(
        `select count(*) as value from route.orders
         where depot_id = any($1) and service_date = $2 and status = 'ACCEPTED'`,
        [depots, day],
      ),
      0,
    );
    assert.equal(
      await value(
        `select count(distinct depot_id) as value from report.route_facts where service_date = $1`,
        [day],
      ),
      4,
    );
  }
  assert.equal(
    await value(`select count(*) as value from fleet.shifts
      where planned_start < '2026-11-25' and started_at is null`),
    0,
  );
  assert.ok(
    (await value(
      `select count(*) as value from route.orders
       where service_date = '2026-11-25' and status = 'ACCEPTED'`,
    )) >= 48,
  );
  assert.equal(await load(monday + 2 * dayMs), 0);
});

test('a day that somebody planned stays as they left it', async () => {
  const depotId = DEMO_DEPOTS.MSP;
  await client.query(
    `insert into route.plans (id, organization_id, depot_id, service_date)
     values (gen_random_uuid(), $1, $2, '2026-11-25')`,
    [LARKFIELD, depotId],
  );
  await load(monday + 3 * dayMs);
  const facts = `select count(*) as value from report.route_facts
    where depot_id = $1 and service_date = '2026-11-25'`;
  assert.equal(await value(facts, [depotId]), 0);
  assert.ok((await value(facts, [DEMO_DEPOTS['CHI-N']])) > 0);
});
