import { createHash, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import pg from 'pg';
import { loadDemoData } from './demo-data.ts';
import { migrateRoom, ROOMS_WITH_STORAGE, type StorageRoom } from './migrate.ts';
import { withClient } from './with-client.ts';

/** A database of one test's own. */
export type TestDatabase = { url: string; drop(): Promise<void> };

/**
 * A fresh database on which the migrations of these rooms have run. The first caller pays for
 * them; everybody else copies its template, which takes some 50 ms. `demoData` needs all rooms and
 * adds the small demo data.
 */
export async function testDatabase(
  rooms: readonly StorageRoom[],
  { demoData = false }: { demoData?: boolean } = {},
): Promise<TestDatabase> {
  const adminUrl = testDatabaseUrl();
  const template = await templateFor({ adminUrl, rooms, demoData });
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await withClient(adminUrl, (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE ${pg.escapeIdentifier(template)}`),
  );
  return {
    url: urlOf(adminUrl, name),
    async drop() {
      await withClient(adminUrl, (client) =>
        client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
      );
    },
  };
}

/** Address of the server that `npm test` started, as superuser. */
export function testDatabaseUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url) {
    throw new Error('TEST_DATABASE_URL is not set. Run tests with: npm test -- <paths>');
  }
  return url;
}

/** Test files run in several processes: an advisory lock lets one of them build a template. */
async function templateFor({ adminUrl, rooms, demoData }: Wanted): Promise<string> {
  const ordered = ROOMS_WITH_STORAGE.filter((room) => rooms.includes(room));
  const template = ['template', ...ordered, ...(demoData ? ['demo'] : [])].join('_');
  const lock = createHash('sha256').update(template).digest().readInt32BE(0);
  await withClient(adminUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [lock]);
    const known = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (known.rowCount === 0) {
      await buildTemplate({ client, adminUrl, template, rooms: ordered, demoData });
    }
  });
  return template;
}

type Wanted = { adminUrl: string; rooms: readonly StorageRoom[]; demoData: boolean };
type Build = Wanted & { client: pg.Client; template: string };

/** Built under another name, so that a half-migrated database never passes for a template. */
async function buildTemplate(build: Build): Promise<void> {
  const { client, adminUrl, template, rooms, demoData } = build;
  const unfinished = `${template}_unfinished`;
  await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${unfinished}`);
  const env = migrationEnvironment(urlOf(adminUrl, unfinished));
  for (const room of rooms) await migrateRoom(room, env);
  if (demoData) await loadDemoData({ env, size: 'small' });
  await client.query(`ALTER DATABASE ${unfinished} WITH ALLOW_CONNECTIONS false`);
  await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
}

/** Migrations read a room's whole configuration, of which they use the database only. */
function migrationEnvironment(databaseUrl: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DATABASE_URL: databaseUrl,
    REDIS_URL: 'redis://127.0.0.1:1',
    SERVICE_IDENTITY_SECRET: 'only-the-migrations-of-a-test-run-with-this',
    DOWNLOAD_SECRET: 'only-the-migrations-of-a-test-run-with-this',
    REPORT_STORE_DIR: tmpdir(),
  };
}

function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}
