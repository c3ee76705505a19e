import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@quantumroute/ops/local/local-settings';
import { migrateAll } from '@quantumroute/ops/local/migrate';
import { startPostgres } from '@quantumroute/ops/local/postgres';
import { withClient } from '@quantumroute/ops/local/with-client';
import { build } from './data/build.ts';
import type { World } from './data/world.ts';

/** A PostgreSQL of the bench's own that keeps its data between runs. */
export type BenchDatabase = { readonly url: string; stop(): Promise<void> };

const NAME = 'bench';

/**
 * Starts it, and builds the data where they are missing or not complete, or with `isFresh`. Each size
 * has a database of its own.
 */
export async function openBenchDatabase(
  world: World,
  { isFresh }: { isFresh: boolean },
): Promise<BenchDatabase> {
  const directory = join(readConfig(process.env).directory, 'bench-reports');
  mkdirSync(directory, { recursive: true });
  const server = await startPostgres({ directory: join(directory, 'postgres'), password: NAME });
  const name = `${NAME}_${world.driversPerDepot}`;
  try {
    if (isFresh || !(await isBuilt(server.urlOf(), name))) {
      await withClient(server.urlOf(), (client) =>
        client.query(`drop database if exists ${name} with (force)`),
      );
      const url = await server.database(name);
      await migrateAll(migrationEnvironment(url));
      await build(url, world, console.log);
    } else {
      // New migrations of the product, and days that they want summed up again.
      await migrateAll(migrationEnvironment(server.urlOf(name)));
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url: server.urlOf(name), stop: () => server.stop() };
}

/** Migrations read a room's whole configuration, of which they use the database only. */
function migrationEnvironment(url: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DATABASE_URL: url,
    REDIS_URL: 'redis://127.0.0.1:1',
    SERVICE_IDENTITY_SECRET: 'only-the-migrations-of-a-bench-run-with-this',
    DOWNLOAD_SECRET: 'only-the-migrations-of-a-bench-run-with-this',
    REPORT_STORE_DIR: tmpdir(),
  };
}

async function isBuilt(adminUrl: string, name: string): Promise<boolean> {
  const exists = await withClient(adminUrl, (client) =>
    client.query('select from pg_database where datname = $1', [name]),
  );
  if (exists.rowCount === 0) return false;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return withClient(url.href, async (client) => {
    const { rows } = await client.query<{ built: boolean }>(
      `select to_regclass('bench.built') is not null as built`,
    );
    if (rows[0]?.built !== true) return false;
    const { rowCount } = await client.query('select from bench.built');
    return rowCount === 1;
  });
}
