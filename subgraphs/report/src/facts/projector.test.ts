import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { newId } from '@quantumroute/schema/ids';

import type { FactWorld } from '../../test/fact-world.ts';
import { createFactWorld } from '../../test/fact-world.ts';
import {
  emit,
  projectAll,
  rollUpAll,
  routeFinished,
  somewhere,
  stopFinished,
} from '../../test/route-events.ts';
import { projectBatch } from './projector.ts';

let world: FactWorld;

before(async () => {
  world = await createFactWorld();
});
after(() => world.drop());

describe('events of the route service', () => {
  test('become facts with all that they say', async () => {
    const place = somewhere();
    const stop = stopFinished(place, { failureReason: 'RECIPIENT_ABSENT', outcome: 'FAILED' });
    await emit(world.sql, stop, routeFinished(place));
    await projectAll(world.postgres);

    const [fact] = await world.rows<Record<string, unknown>>(
      `select *, service_date::text, arrived_at at time zone 'UTC' as arrived
       from report.stop_facts where stop_id = $1`,
      [stop.subjectId],
    );
    assert.ok(fact);
    assert.equal(fact['organization_id'], place.organizationId);
    assert.equal(fact['partner_id'], place.partnerId);
    assert.equal(fact['route_id'], place.routeId);
    assert.equal(fact['service_date'], '2026-03-02');
    assert.equal(fact['failure_reason'], 'RECIPIENT_ABSENT');
    assert.equal(fact['direct_distance_meters'], 4_000);
    assert.equal(fact['eta_error_seconds'], 300);
    assert.equal((fact['arrived_at'] as Date).toISOString(), '2026-03-02T10:05:00.000Z');
    assert.equal(fact['revision'], 1);
    const [route] = await world.rows<Record<string, unknown>>(
      'select * from report.route_facts where route_id = $1',
      [place.routeId],
    );
    assert.equal(route?.['distance_meters'], 100_000);
    assert.equal(route['cost'], '300.00');
    assert.equal(route['load_weight_meters'], 30_000_000);
  });

  test('count once however often they are read', async () => {
    const place = somewhere();
    const stop = stopFinished(place);
    await emit(world.sql, stop);
    await projectAll(world.postgres);
    assert.deepEqual(await projectAll(world.postgres), { events: 0, setAside: 0 });
    await world.sql.query(`update report.projection set transaction_id = '0', position = 0`);
    await projectAll(world.postgres);
    assert.deepEqual(
      await world.rows('select revision from report.stop_facts where stop_id = $1', [
        stop.subjectId,
      ]),
      [{ revision: 1 }],
    );
  });

  test('correct what was said before, in one batch or in two, and count the corrections', async () => {
    const place = somewhere();
    const first = stopFinished(place, { onTime: false });
    const { subjectId: stopId } = first;
    await emit(world.sql, first, stopFinished(place, { stopId, onTime: true, orderCount: 2 }));
    await projectAll(world.postgres);
    const read = () =>
      world.rows(
        'select on_time, order_count, revision from report.stop_facts where stop_id = $1',
        [stopId],
      );
    assert.deepEqual(await read(), [{ on_time: true, order_count: 2, revision: 2 }]);
    await emit(world.sql, stopFinished(place, { stopId, onTime: null, orderCount: 3 }));
    await projectAll(world.postgres);
    assert.deepEqual(await read(), [{ on_time: null, order_count: 3, revision: 3 }]);
  });

  test('of the same stop win by their position, not by the age of their transaction', async () => {
    const place = somewhere();
    const stopId = newId();
    const older = await world.connect();
    await older.query('begin');
    await older.query('select pg_current_xact_id()');
    await emit(world.sql, stopFinished(place, { stopId, orderCount: 1 }));
    await emit(older, stopFinished(place, { stopId, orderCount: 2 }));
    await older.query('commit');
    await projectAll(world.postgres, { limit: 1 });
    assert.deepEqual(
      await world.rows('select order_count from report.stop_facts where stop_id = $1', [stopId]),
      [{ order_count: 2 }],
    );
  });

  test('are left alone when they are of another type', async () => {
    const place = somewhere();
    const later = { ...stopFinished(place), type: 'stop.arrived' };
    await world.sql.query('alter table route.outbox drop constraint if exists outbox_type_check');
    await emit(world.sql, later, stopFinished(place));
    assert.deepEqual(await projectAll(world.postgres), { events: 2, setAside: 0 });
  });
});

describe('an event that is committed late', () => {
  test('is read although later ones were read before', async () => {
    const place = somewhere();
    const slow = await world.connect();
    await slow.query('begin');
    const early = stopFinished(place);
    await emit(slow, early);
    const late = stopFinished(place);
    await emit(world.sql, late);
    const known = () =>
      world.rows<{ stop_id: string }>('select stop_id from report.stop_facts where route_id = $1', [
        place.routeId,
      ]);

    await projectBatch(world.postgres.fork());
    await projectBatch(world.postgres.fork());
    assert.deepEqual(await known(), [], 'nothing may be read past an open transaction');
    await slow.query('commit');
    await projectAll(world.postgres);
    const ids = (await known()).map((row) => row.stop_id);
    assert.deepEqual(ids.toSorted(), [early.subjectId, late.subjectId].toSorted());
  });

  test('keeps the age of the numbers before it', async () => {
    const place = somewhere();
    await projectAll(world.postgres);
    const slow = await world.connect();
    await slow.query('begin');
    await emit(slow, stopFinished(place));
    const [{ now } = { now: new Date() }] = await world.rows<{ now: Date }>('select now()');
    await projectBatch(world.postgres.fork());
    await projectBatch(world.postgres.fork());
    const isBefore = async () =>
      (await world.rows<{ before: boolean }>(
        'select consumed_until <= $1 as before from report.projection',
        [now],
      )) as unknown;
    assert.deepEqual(await isBefore(), [{ before: true }]);
    await slow.query('commit');
    await projectAll(world.postgres);
    assert.deepEqual(await isBefore(), [{ before: false }]);
  });

  test('is not there when its transaction is rolled back', async () => {
    const place = somewhere();
    await world.sql.query('begin');
    await emit(world.sql, stopFinished(place));
    await world.sql.query('rollback');
    assert.deepEqual(await projectAll(world.postgres), { events: 0, setAside: 0 });
  });
});

describe('two projectors at once', () => {
  test('take turns: the one leaves the work to the other', async () => {
    const other = await world.connect();
    await other.query('begin');
    await other.query(`select pg_advisory_xact_lock(hashtext('report.projection'))`);
    assert.deepEqual(await projectBatch(world.postgres.fork()), { state: 'busy' });
    await other.query('rollback');
  });

  test('count every event once', async () => {
    const place = somewhere();
    for (let round = 0; round < 20; round += 1) {
      await emit(world.sql, ...Array.from({ length: 10 }, () => stopFinished(place)));
    }
    const work = async () => {
      for (let round = 0; round < 60; round += 1) {
        await projectBatch(world.postgres.fork(), { limit: 7 });
      }
    };
    await Promise.all([work(), work(), work()]);
    await projectAll(world.postgres);
    await rollUpAll(world.postgres);
    assert.deepEqual(
      await world.rows('select stops, orders from report.depot_days where depot_id = $1', [
        place.depotId,
      ]),
      [{ stops: 200, orders: 200 }],
    );
    assert.deepEqual(
      await world.rows('select distinct revision from report.stop_facts where depot_id = $1', [
        place.depotId,
      ]),
      [{ revision: 1 }],
    );
  });
});

describe('a projector whose connection is lost in the middle', () => {
  test('leaves nothing behind, and the next one does it all', async () => {
    const place = somewhere();
    await emit(world.sql, ...Array.from({ length: 5 }, () => stopFinished(place)));
    // Facts are written by then, the position is not.
    await world.sql.query('begin');
    await world.sql.query(`select from report.projection for update`);
    const lost = projectBatch(world.postgres.fork());
    const refused = assert.rejects(lost);
    await terminateWaiting();
    await refused;
    await world.sql.query('rollback');

    const facts = () =>
      world.rows('select revision from report.stop_facts where route_id = $1', [place.routeId]);
    assert.deepEqual(await facts(), []);
    assert.deepEqual((await projectAll(world.postgres)).events, 5);
    assert.deepEqual(
      await facts(),
      Array.from({ length: 5 }, () => ({ revision: 1 })),
    );
  });
});

/** Ends the backend that waits for a lock, as soon as one does. */
async function terminateWaiting(): Promise<void> {
  const other = await world.connect();
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { rowCount } = await other.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'
         and query like '%update report.projection%'`,
    );
    if (rowCount !== null && rowCount > 0) return;
    await sleep(10);
  }
  assert.fail('Nobody waited for the lock');
}
