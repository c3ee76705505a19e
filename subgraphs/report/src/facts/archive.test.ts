import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';

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
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import { createFolderStore } from '../artifacts/folder-store.ts';
import type { ArchiveParts } from './archive.ts';
import { archiveNextMonth } from './archive.ts';
import { withMaintenance } from './maintenance.ts';
import { analyzeWhole, openMonthsAhead } from './months.ts';

let world: FactWorld;
let directory: string;
let store: ArtifactStore;
let parts: ArchiveParts;

before(async () => {
  world = await createFactWorld();
  directory = await mkdtemp(join(tmpdir(), 'quantumroute-archive-'));
  store = createFolderStore(directory);
  parts = { postgres: world.postgres, databaseUrl: world.databaseUrl, store };
});
after(async () => {
  await world.drop();
  await rm(directory, { recursive: true });
});

const OLD_DAY = '2021-05-17';
const options = () => ({ keepMonths: 25, signal: AbortSignal.timeout(30_000) });
let place: ReturnType<typeof somewhere>;

beforeEach(async () => {
  await world.sql.query(`truncate report.fact_archives, report.fact_months, report.dirty_days`);
  await world.sql.query(
    `drop table if exists report.stop_facts_2021_05, report.route_facts_2021_05`,
  );
  place = somewhere({ serviceDate: OLD_DAY });
  await emit(
    world.sql,
    stopFinished(place, { failureReason: 'a "word", and\nanother' }),
    stopFinished(place),
    routeFinished(place),
  );
  await projectAll(world.postgres);
});

function partitions(): Promise<unknown[]> {
  return world.rows(
    `select relname as name from pg_class where relkind = 'r' and relname like '%facts_2021_05'
     order by 1`,
  );
}

test('an old month goes into the archive whole, and its sums stay', async () => {
  await rollUpAll(world.postgres);
  const columns = `select string_agg(column_name, ',' order by ordinal_position) as header
    from information_schema.columns where table_schema = 'report' and table_name = 'stop_facts'`;
  const [{ header } = { header: '' }] = await world.rows<{ header: string }>(columns);
  assert.equal(await archiveNextMonth(parts, options()), '2021-05-01');
  assert.deepEqual(await partitions(), []);
  assert.deepEqual(
    await world.rows('select stops, routes from report.depot_days where depot_id = $1', [
      place.depotId,
    ]),
    [{ stops: 2, routes: 1 }],
  );
  const archives = await world.rows<{ store_key: string; facts: string; row_count: string }>(
    'select store_key, facts, row_count from report.fact_archives order by facts desc',
  );
  assert.deepEqual(
    archives.map(({ facts, row_count: rows }) => [facts, rows]),
    [
      ['stop_facts', '2'],
      ['route_facts', '1'],
    ],
  );
  const text = await unpacked(archives[0]?.store_key ?? '');
  assert.equal(text.split('\n')[0], header);
  assert.ok(text.includes('"a ""word"", and\nanother"'));
  assert.equal(await archiveNextMonth(parts, options()), null);
});

test('an event for an archived month is set aside, and the sums of its day stay', async () => {
  await rollUpAll(world.postgres);
  await archiveNextMonth(parts, options());
  await emit(world.sql, stopFinished(place));
  assert.deepEqual(await projectAll(world.postgres), { events: 1, setAside: 1 });
  assert.equal(await rollUpAll(world.postgres), 0);
  const [last] = await world.rows<{ reason: string }>(
    'select reason from report.set_aside_events order by position desc limit 1',
  );
  assert.match(last?.reason ?? '', /^The facts of 2021-05 are in the archive/);
  assert.deepEqual(
    await world.rows('select stops from report.depot_days where depot_id = $1', [place.depotId]),
    [{ stops: 2 }],
  );
});

test('a day of an archived month that is marked as dirty keeps its sums', async () => {
  await rollUpAll(world.postgres);
  await archiveNextMonth(parts, options());
  await world.sql.query('insert into report.dirty_days values ($1, $2, now())', [
    place.organizationId,
    OLD_DAY,
  ]);
  assert.equal(await rollUpAll(world.postgres), 1);
  assert.deepEqual(
    await world.rows('select stops from report.depot_days where depot_id = $1', [place.depotId]),
    [{ stops: 2 }],
  );
});

test('a month stays while one of its days is not summed, and months in use stay anyway', async () => {
  assert.equal(await archiveNextMonth(parts, options()), null);
  await rollUpAll(world.postgres);
  assert.equal(await archiveNextMonth(parts, { ...options(), keepMonths: 1_000 }), null);
  assert.equal((await partitions()).length, 2);
});

test('of several workers one brings a month into the archive', async () => {
  await rollUpAll(world.postgres);
  const outcomes = await Promise.all([1, 2, 3].map(() => archiveNextMonth(parts, options())));
  assert.deepEqual(
    outcomes.filter((month) => month !== null),
    ['2021-05-01'],
  );
  assert.deepEqual(await partitions(), []);
});

test('nothing is dropped when the store gives back something else than it was given', async () => {
  await rollUpAll(world.postgres);
  const lossy: ArtifactStore = {
    ...store,
    write: (key, content) =>
      store.write(key, shortened(content)).then((file) => ({ ...file, sha256: '0' })),
  };
  await assert.rejects(
    archiveNextMonth({ ...parts, store: lossy }, options()),
    /needs SHA-256 0, got/,
  );
  assert.equal((await partitions()).length, 2);
  assert.equal(await archiveNextMonth(parts, options()), '2021-05-01', 'the next attempt does it');
  const [{ id } = { id: '' }] = await world.rows<{ id: string }>(
    'select archive_id as id from report.fact_months where archived_at is not null',
  );
  assert.equal((await store.keysOf(id)).length, 2, 'files of the lost attempt are gone');
});

test('a lost connection leaves a half-detached month that the next attempt finishes', async () => {
  await rollUpAll(world.postgres);
  const reader = await world.connect();
  await reader.query('begin');
  await reader.query('select count(*) from report.stop_facts');
  const lost = assert.rejects(archiveNextMonth(parts, options()));
  await terminateDetaching();
  await lost;
  // Other months are read and written while somebody still looks at the old one.
  const today = somewhere();
  await emit(world.sql, stopFinished(today));
  await projectAll(world.postgres);
  assert.equal(
    (await world.rows('select from report.stop_facts where route_id = $1', [today.routeId])).length,
    1,
  );
  await reader.query('commit');
  assert.equal(await archiveNextMonth(parts, options()), '2021-05-01');
  assert.deepEqual(await partitions(), []);
});

test('months are opened ahead, once, however many workers do', async () => {
  await Promise.all([1, 2, 3].map(() => openMonthsAhead(world.postgres.fork())));
  const [row] = await world.rows<{ open: number }>(
    `select count(*)::int as open from report.fact_months
     where month >= date_trunc('month', current_date)`,
  );
  assert.equal(row?.open, 4);
});

test('what plans over all months are made by is counted once a day', async () => {
  const signal = AbortSignal.timeout(20_000);
  const analyze = () =>
    withMaintenance({ url: world.databaseUrl, signal, timeoutMs: 10_000 }, analyzeWhole);
  const counted = async () =>
    (
      await world.rows<{ name: string; last: Date | null }>(
        `select relname as name, last_analyze as last from pg_stat_user_tables
         where relname in ('stop_facts', 'route_facts') order by 1`,
      )
    ).map(({ name, last }) => ({ name, at: last?.getTime() ?? 0 }));
  await analyze();
  const first = await counted();
  assert.deepEqual(
    first.map(({ name, at }) => [name, at > 0]),
    [
      ['route_facts', true],
      ['stop_facts', true],
    ],
  );
  await analyze();
  assert.deepEqual(await counted(), first);
});

async function unpacked(key: string): Promise<string> {
  const file = await store.read(key);
  assert.ok(file);
  const chunks: Buffer[] = [];
  for await (const chunk of file.pipe(createGunzip())) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function* shortened(content: AsyncIterable<string | Uint8Array>) {
  for await (const chunk of content) yield chunk.slice(1);
}

async function terminateDetaching(): Promise<void> {
  const other = await world.connect();
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const { rowCount } = await other.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like '%concurrently%'
         and pid <> pg_backend_pid()`,
    );
    if (rowCount !== null && rowCount > 0) return;
    await sleep(10);
  }
  assert.fail('Nobody detached a partition');
}
