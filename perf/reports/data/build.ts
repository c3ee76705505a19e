import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { withClient } from '@quantumroute/ops/local/with-client';
import pg from 'pg';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { printedProgress } from '../../data/load/progress.ts';
import { openStorage, rollUpNext } from '../product.ts';
import { beforeIndexes, beforeTables, builtMark } from './before-tables.ts';
import { fillFacts } from './fill-facts.ts';
import { writeFleet } from './fleet-of.ts';
import type { Chunk } from './stop-lines.ts';
import { stopChunks } from './stop-lines.ts';
import type { World } from './world.ts';
import { DATA_FROM, DAYS } from './world.ts';

type Tell = (line: string) => void;

/** Fills a database on which the migrations have run: the world before, and the product's tables. */
export async function build(url: string, world: World, tell: Tell): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`set synchronous_commit = off; set maintenance_work_mem = '512MB'`);
    await writeFleet(client, world);
    for (const statement of beforeTables) await client.query(statement);
    await timed(tell, 'stops and events', () => copyBefore(url, world, tell));
    await timed(tell, 'their indexes', () => runAll(client, beforeIndexes));
    await runAll(client, ['vacuum (analyze) bench.stops', 'vacuum (analyze) bench.stop_events']);
    await timed(tell, 'facts', () => fillAllFacts(url, tell));
    const facts = 'report.stop_facts, report.route_facts';
    await timed(tell, 'vacuum of the facts', () => runAll(client, [`vacuum (analyze) ${facts}`]));
    await timed(tell, 'roll-ups', () => rollUpAll(url, tell));
    const rollUps = 'report.driver_days, report.depot_days, report.partner_days';
    await runAll(client, [`vacuum (analyze) ${rollUps}`, 'analyze', builtMark, 'checkpoint']);
  } finally {
    await client.end();
  }
}

/** Two connections at once: a database has more than one core, and so has the generator. */
async function copyBefore(url: string, world: World, tell: Tell): Promise<void> {
  const progress = printedProgress(tell);
  let [done, rows] = [0, 0];
  const of = DAYS * world.organizations.reduce((sum, { depots }) => sum + depots.length, 0);
  const stops = await openCopy(
    url,
    'bench.stops (id, organization_id, depot_id, route_id, vehicle_id, driver_id, partner_id, sequence, window_start, window_end, planned_arrival, service_seconds, leg_distance_meters, leg_duration_seconds, direct_distance_meters, load_weight_kg)',
  );
  const events = await openCopy(url, 'bench.stop_events (id, stop_id, type, occurred_at)');
  const count = (chunk: Chunk) => {
    done += 1;
    rows += chunk.stopCount + chunk.eventCount;
    progress.report({ done, of, rows, what: 'stops and events' });
  };
  await pipeline(Readable.from(tee(world, stops, count)), events.stream);
  await stops.end();
  await events.end();
}

type Copy = Awaited<ReturnType<typeof openCopy>>;

/** Events go on to whoever asks; stops are written beside them, no faster than they are taken. */
async function* tee(world: World, stops: Copy, count: (chunk: Chunk) => void) {
  for (const chunk of stopChunks(world)) {
    await stops.write(chunk.stops);
    yield chunk.events;
    count(chunk);
  }
}

async function openCopy(url: string, target: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const stream = client.query(copyFrom(`copy ${target} from stdin`));
  return {
    stream,
    write: (text: string) =>
      new Promise<void>((resolve, reject) => {
        stream.write(text, (error) => (error == null ? resolve() : reject(error)));
      }),
    async end() {
      if (!stream.writableEnded) {
        const finished = new Promise<void>((resolve, reject) => {
          stream.once('finish', resolve).once('error', reject);
        });
        stream.end();
        await finished;
      }
      await client.end();
    },
  };
}

/** Rows come faster without indexes: those of the product are made again, as they were, afterwards. */
async function fillAllFacts(url: string, tell: Tell): Promise<void> {
  await withClient(url, async (client) => {
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(
      `select indexrelid::regclass::text as name, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') as definition
       from pg_index where not indisprimary
       and indrelid in ('report.stop_facts'::regclass, 'report.route_facts'::regclass)`,
    );
    await runAll(
      client,
      indexes.map(({ name }) => `drop index ${name}`),
    );
    await workers(months(), async (month) => {
      await timed(tell, `  ${month.slice(0, 7)}`, () =>
        withClient(url, (worker) => fillFacts(worker, month)),
      );
    });
    await timed(tell, '  indexes', () =>
      workers(indexes, ({ definition }) =>
        withClient(url, (worker) =>
          runAll(worker, [`set maintenance_work_mem = '512MB'`, definition]),
        ),
      ),
    );
  });
}

/** Several at a time, as many as a small database has use for. */
async function workers<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const one = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: WORKERS }, one));
}

const WORKERS = 3;

/** Sums every day by the statements of the product. */
export async function rollUpAll(url: string, tell: Tell): Promise<void> {
  const postgres = await openStorage({
    config: {
      DATABASE_URL: url,
      DATABASE_POOL_SIZE: WORKERS,
      DATABASE_STATEMENT_TIMEOUT_MS: 120_000,
    },
    log: createLogger({ service: 'bench', level: 'silent' }),
    metrics: createMetrics('bench'),
  });
  let days = 0;
  const startedAt = performance.now();
  await workers([...Array(WORKERS).keys()], async () => {
    while ((await rollUpNext(postgres.fork())) !== null) days += 1;
  });
  const each = (WORKERS * (performance.now() - startedAt)) / Math.max(1, days);
  tell(`  ${days} days of an organization summed up, ${each.toFixed(0)} ms each`);
  await postgres.close();
}

async function runAll(client: Client, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await client.query(statement);
}

async function timed(tell: Tell, what: string, work: () => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  await work();
  tell(`${what}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

function months(): string[] {
  const first = new Date(`${DATA_FROM}T00:00:00Z`);
  const last = first.getTime() + (DAYS - 1) * 86_400_000;
  const found: string[] = [];
  for (const at = new Date(first); at.getTime() <= last; at.setUTCMonth(at.getUTCMonth() + 1)) {
    found.push(at.toISOString().slice(0, 10));
  }
  return found;
}
