import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';
import { newId } from '@quantumroute/schema/ids';

import { openStorage } from '../storage/open-storage.ts';
import { OUTBOX_START, readEvents } from '../storage/stores/outbox-queries.ts';
import type { OutboxEvent, OutboxPosition } from '../storage/stores/outbox-queries.ts';
import { createOrders, dispatchDay, now, orderInput } from '../testing/day.ts';
import { STOP_COMPLETE, STOP_FAIL } from '../testing/day.ts';
import { eventsOf } from '../testing/events.ts';
import { addOrganization } from '../testing/fleet-stand-in.ts';
import { openTransaction } from '../testing/open-transaction.ts';
import { dispatcher, driverOf, openRouteWorld } from '../testing/route-world.ts';
import type { RouteWorld } from '../testing/route-world.ts';
import { OutboxKeeper } from './outbox-keeper.ts';

const log = createLogger({ service: 'route', level: 'silent' });

let world: RouteWorld;
let postgres: Postgres;

before(async () => {
  world = await openRouteWorld();
  const config = {
    DATABASE_URL: world.databaseUrl,
    DATABASE_POOL_SIZE: 2,
    DATABASE_STATEMENT_TIMEOUT_MS: 5_000,
  };
  postgres = await openStorage({ config, log, metrics: createMetrics('route') });
});
after(async () => {
  await postgres?.close();
  await world?.close();
});

test('an event is there when its stop is finished, and never otherwise', async () => {
  const acme = await addOrganization(world, { name: 'Acme', vans: 1 });
  await createOrders(world, dispatcher(acme), [orderInput()]);
  const plan = await dispatchDay(world, acme);
  const [stop] = plan['routes'].nodes[0].stops.nodes;
  const driver = driverOf(acme, acme.crews[0]!.driverId);
  const refused = await world.ask(driver, STOP_COMPLETE, { id: stop.id, input: now() });
  assert.equal(refused['payload'].userErrors[0].code, 'ILLEGAL_TRANSITION');
  await failWhileTheStatementBreaks(stop.id, driver);
  assert.deepEqual(await eventsOf(world, acme), []);
  const input = now({ reason: 'REFUSED' });
  for (let call = 0; call < 2; call++) {
    const { payload } = await world.ask(driver, STOP_FAIL, { id: stop.id, input });
    assert.deepEqual(payload.userErrors, []);
  }
  const types = (await eventsOf(world, acme)).map(({ type }) => type);
  assert.deepEqual(types, ['stop.finished', 'route.finished']);
});

/** The last write of the transaction fails, after the stop, its order and its events were written. */
async function failWhileTheStatementBreaks(id: string, driver: ReturnType<typeof driverOf>) {
  await world.sql(`create function pg_temp_refuse() returns trigger language plpgsql as
    $$ begin raise exception 'no result can be stored'; end $$`);
  await world.sql(`create trigger refuse before update on route.idempotency_keys
    for each row execute function pg_temp_refuse()`);
  const input = now({ reason: 'REFUSED' });
  await assert.rejects(world.ask(driver, STOP_FAIL, { id, input }));
  await world.sql('drop trigger refuse on route.idempotency_keys');
  const [row] = await world.sql('select status from route.stops where departed_at is null');
  assert.equal(row?.['status'], 'PENDING');
}

test('who reads on after the last event misses none, also of transactions that commit late', async () => {
  const organizationId = newId();
  const [older, newer] = [newId(), newId()];
  const known = await position();
  const late = await openTransaction(world, INSERT, [organizationId, older]);
  await world.sql(INSERT, [organizationId, newer]);
  assert.deepEqual(await subjectsAfter(known, organizationId), []);
  await late.commit();
  await late[Symbol.asyncDispose]();
  await until(async () => (await subjectsAfter(known, organizationId)).length === 2);
  assert.deepEqual(await subjectsAfter(known, organizationId), [older, newer]);
  const [first] = await readEvents(postgres.fork(), { after: known, limit: 1 });
  assert.deepEqual(await subjectsAfter(first!, organizationId), [newer]);
  assert.ok(first!.recordedAt instanceof Date);
});

test('events go when their time is over, in batches, and younger ones stay', async () => {
  const organizationId = newId();
  await world.sql('delete from route.outbox');
  await world.sql(
    `insert into route.outbox (organization_id, type, subject_id, body, expires_at)
     select $1, 'stop.finished', gen_random_uuid(), '{}', now() - interval '1 second'
     from generate_series(1, 25)`,
    [organizationId],
  );
  await world.sql(INSERT, [organizationId, newId()]);
  await using keeper = new OutboxKeeper({ postgres, log, batch: 10, restMs: 60_000 });
  assert.ok(keeper);
  await until(async () => (await eventsOf(world, { organizationId })).length === 1);
});

test('events of a restored dump are visible again, before new ones, and old positions start again', async () => {
  const organizationId = newId();
  await world.sql('delete from route.outbox');
  const restored = [newId(), newId()];
  for (const [index, subjectId] of restored.entries()) {
    await world.sql(
      `insert into route.outbox (transaction_id, organization_id, type, subject_id, body)
       values ($1::text::xid8, $2, 'stop.finished', $3, '{}')`,
      [String(8_000_000_000 + index), organizationId, subjectId],
    );
  }
  const former = { transactionId: '8000000001', position: '999999' };
  assert.deepEqual(await subjectsAfter(former, organizationId), []);
  {
    await using keeper = new OutboxKeeper({ postgres, log, batch: 1, restMs: 60_000 });
    assert.ok(keeper);
    await until(async () => (await subjectsAfter(former, organizationId)).length === 2);
  }
  const fresh = newId();
  await world.sql(INSERT, [organizationId, fresh]);
  await until(async () => (await subjectsAfter(former, organizationId)).length === 3);
  assert.deepEqual(await subjectsAfter(former, organizationId), [...restored, fresh]);
});

const INSERT = `insert into route.outbox (organization_id, type, subject_id, body)
  values ($1, 'stop.finished', $2, '{}')`;

async function position(): Promise<OutboxPosition> {
  const events = await readEvents(postgres.fork(), { after: OUTBOX_START, limit: 1_000 });
  return events.at(-1) ?? OUTBOX_START;
}

async function subjectsAfter(last: OutboxPosition, organizationId: string): Promise<string[]> {
  const events: OutboxEvent[] = await readEvents(postgres.fork(), { after: last, limit: 1_000 });
  return events
    .filter((event) => event.organizationId === organizationId)
    .map(({ subjectId }) => subjectId);
}

/** Transactions of other databases of the server hold events back as well, for as long as they last. */
async function until(isDone: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    if (await isDone()) return;
    await sleep(20);
  }
  throw new Error('The outbox did not come to the state that was expected');
}
