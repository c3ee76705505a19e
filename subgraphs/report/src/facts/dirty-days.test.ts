import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import type { FactWorld } from '../../test/fact-world.ts';
import { createFactWorld } from '../../test/fact-world.ts';
import { emit, projectAll, rollUpAll, somewhere, stopFinished } from '../../test/route-events.ts';
import type { Day } from './dirty-days.ts';
import { postponeDirtyDay, takeDirtyDay } from './dirty-days.ts';
import { rollUpNext } from './roll-up.ts';

let world: FactWorld;

before(async () => {
  world = await createFactWorld();
});
after(() => world.drop());

test('a day that somebody else sums is passed over', async () => {
  const place = somewhere();
  await emit(world.sql, stopFinished(place));
  await projectAll(world.postgres);
  const day = { organizationId: place.organizationId, day: '2026-03-02' };
  await world.postgres.fork().transactional(async (tx) => {
    assert.partialDeepStrictEqual(await takeDirtyDay(tx, null), day);
    assert.equal(await rollUpNext(world.postgres.fork()), null);
  });
  assert.partialDeepStrictEqual(await rollUpNext(world.postgres.fork()), day);
});

test('a day that takes long to sum holds no event up, and stays dirty for those that came meanwhile', async () => {
  const place = somewhere();
  await emit(world.sql, stopFinished(place));
  await projectAll(world.postgres);
  const [before] = await sinceOf(place);
  const release = await holdReaders(place);
  const summing = rollUpNext(world.postgres.fork());
  await untilSomebodyIsHeld();
  await emit(world.sql, stopFinished(place));
  await projectAll(world.postgres);
  await release();
  await summing;
  assert.deepEqual(await stopsOf(place), [{ stops: 1 }]);
  const [meanwhile] = await sinceOf(place);
  assert.ok(before && meanwhile && meanwhile > before, 'the first stop is in the sums');

  assert.equal(await rollUpAll(world.postgres), 1);
  assert.deepEqual(await stopsOf(place), [{ stops: 2 }]);
  assert.deepEqual(await sinceOf(place), []);
});

test('a day that cannot be summed keeps no other day back, and is tried again', async () => {
  const broken = somewhere();
  const good = somewhere();
  await world.sql.query(
    `insert into fleet.organizations (id, name, time_zone, currency)
     values ($1, 'Nowhere', 'Nowhere/At all', 'EUR')`,
    [broken.organizationId],
  );
  await emit(world.sql, stopFinished(broken));
  await projectAll(world.postgres);
  await emit(world.sql, stopFinished(good));
  await projectAll(world.postgres);
  const onFailure = (day: Day) => postponeDirtyDay(world.postgres.fork(), day);
  const next = () => rollUpNext(world.postgres.fork(), { onFailure });
  await assert.rejects(next(), /time zone/);
  assert.equal((await next())?.organizationId, good.organizationId);
  assert.equal(await next(), null);

  await world.sql.query(`update fleet.organizations set time_zone = 'UTC' where id = $1`, [
    broken.organizationId,
  ]);
  await world.sql.query('update report.dirty_days set retry_at = now()');
  assert.equal((await next())?.organizationId, broken.organizationId);
  assert.deepEqual(await stopsOf(broken), [{ stops: 1 }]);
});

type Place = ReturnType<typeof somewhere>;

function stopsOf({ depotId }: Place): Promise<unknown[]> {
  return world.rows('select stops from report.depot_days where depot_id = $1', [depotId]);
}

async function sinceOf({ organizationId }: Place): Promise<Date[]> {
  const rows = await world.rows<{ since: Date }>(
    'select since from report.dirty_days where organization_id = $1',
    [organizationId],
  );
  return rows.map(({ since }) => since);
}

/** Lets whoever reads the organization of the place wait until it is released, without a write. */
async function holdReaders({ organizationId }: Place): Promise<() => Promise<void>> {
  await world.sql.query(
    `insert into fleet.organizations (id, name, time_zone, currency)
     values ($1, 'Held', 'UTC', 'EUR')`,
    [organizationId],
  );
  const [view] = await world.rows<{ text: string }>(
    `select rtrim(pg_get_viewdef('fleet_published.organizations'), ';') as text`,
  );
  const replace = (text: string) =>
    world.sql.query(`create or replace view fleet_published.organizations as ${text}`);
  await replace(`select * from (${view?.text}) held
    where pg_advisory_xact_lock_shared(${HELD}) is not null`);
  const holder = await world.connect();
  await holder.query('select pg_advisory_lock($1)', [HELD]);
  return async () => {
    await holder.query('select pg_advisory_unlock($1)', [HELD]);
    await replace(view?.text ?? '');
  };
}

const HELD = 42;

async function untilSomebodyIsHeld(): Promise<void> {
  const waiting = `select 1 from pg_locks where locktype = 'advisory' and objid = $1 and not granted`;
  for (let attempt = 0; (await world.rows(waiting, [HELD])).length === 0; attempt += 1) {
    assert.ok(attempt < 500, 'nobody reads the organization');
    await sleep(20);
  }
}
