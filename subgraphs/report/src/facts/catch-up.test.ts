import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';

import type { FactWorld } from '../../test/fact-world.ts';
import { createFactWorld } from '../../test/fact-world.ts';
import { emit, projectAll, rollUpAll, somewhere, stopFinished } from '../../test/route-events.ts';
import { createFolderStore } from '../artifacts/folder-store.ts';
import type { Sql } from '../storage/sql.ts';
import { catchUp } from './catch-up.ts';
import { dataAsOf } from './data-as-of.ts';
import { keepFacts } from './fact-keeper.ts';

let world: FactWorld;
const signal = AbortSignal.timeout(60_000);
const query = ({ text, values }: Sql) =>
  world.postgres.fork().execute<Record<string, unknown>[]>(text, [...values]);

before(async () => {
  world = await createFactWorld();
});
after(() => world.drop());

async function now(): Promise<Date> {
  const [row] = await world.rows<{ now: Date }>('select now()');
  assert.ok(row);
  return row.now;
}

function stopsOf(depotId: string): Promise<unknown[]> {
  return world.rows('select stops from report.depot_days where depot_id = $1', [depotId]);
}

test('what was committed before is in the sums after catching up, without any worker', async () => {
  const place = somewhere();
  const { organizationId } = place;
  await emit(world.sql, stopFinished(place), stopFinished(place));
  const until = await now();
  assert.equal(
    await catchUp(world.postgres.fork(), { organizationId, until, signal, timeoutMs: 20_000 }),
    true,
  );
  assert.deepEqual(await stopsOf(place.depotId), [{ stops: 2 }]);
  assert.ok((await dataAsOf(query, organizationId)) >= until);
});

test('many catch up at once', async () => {
  const place = somewhere();
  const { organizationId } = place;
  await emit(world.sql, ...Array.from({ length: 50 }, () => stopFinished(place)));
  const until = await now();
  const all = await Promise.all(
    Array.from({ length: 5 }, () =>
      catchUp(world.postgres.fork(), { organizationId, until, signal, timeoutMs: 20_000 }),
    ),
  );
  assert.deepEqual(all, [true, true, true, true, true]);
  assert.deepEqual(await stopsOf(place.depotId), [{ stops: 50 }]);
});

test('catching up ends in time behind a transaction that does not, and the numbers say their age', async () => {
  const place = somewhere();
  const { organizationId } = place;
  const slow = await world.connect();
  await slow.query('begin');
  await emit(slow, stopFinished(place));
  const until = await now();
  const startedAt = performance.now();
  assert.equal(
    await catchUp(world.postgres.fork(), { organizationId, until, signal, timeoutMs: 300 }),
    false,
  );
  assert.ok(performance.now() - startedAt < 2_000);
  assert.ok((await dataAsOf(query, organizationId)) < until);
  await slow.query('commit');
});

test('catching up stops when it is told to', async () => {
  const { organizationId } = somewhere();
  const leaving = new AbortController();
  const waiting = catchUp(world.postgres.fork(), {
    organizationId,
    until: new Date(Date.now() + 3_600_000),
    signal: leaving.signal,
  });
  setTimeout(() => leaving.abort(new Error('canceled')), 50);
  await assert.rejects(waiting, /canceled/);
});

test('numbers are as old as the oldest day that waits to be summed', async () => {
  const place = somewhere();
  const other = somewhere();
  await projectAll(world.postgres);
  await emit(world.sql, stopFinished(place));
  const before = await now();
  await sleep(5);
  await projectAll(world.postgres);
  assert.ok((await dataAsOf(query, place.organizationId)) < before);
  assert.ok((await dataAsOf(query, other.organizationId)) >= before, 'others are not concerned');
  await rollUpAll(world.postgres);
  assert.ok((await dataAsOf(query, place.organizationId)) >= before);
});

test('a worker turns events into sums by itself, and measures how far it is', async () => {
  const place = somewhere();
  const metrics = createMetrics('report-worker');
  const keeper = keepFacts({
    postgres: world.postgres,
    databaseUrl: world.databaseUrl,
    store: createFolderStore('/nonexistent'),
    log: createLogger({ service: 'report-test', level: 'silent' }),
    metrics,
    factMonths: 1_000,
  });
  try {
    await emit(world.sql, stopFinished(place));
    for (let attempt = 0; (await stopsOf(place.depotId)).length === 0; attempt += 1) {
      assert.ok(attempt < 500, 'no sums after ten seconds');
      await sleep(20);
    }
    const text = await metrics.registry.metrics();
    assert.match(text, /quantumroute_report_events_projected_total\{[^}]*\} [1-9]/);
    assert.match(text, /quantumroute_report_facts_lag_seconds\{[^}]*\} \d/);
    assert.match(text, /quantumroute_report_dirty_days\{[^}]*\} 0/);
  } finally {
    await keeper.close();
  }
});
