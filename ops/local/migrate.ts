import { existsSync, readdirSync } from 'node:fs';
import type pg from 'pg';
import { inProject } from './project.ts';
import { runProgram } from './run-program.ts';
import { withClient } from './with-client.ts';

/** The rooms that own a PostgreSQL schema, in the order their migrations need. */
export const ROOMS_WITH_STORAGE = ['fleet', 'route', 'report'] as const;

/** One of them. */
export type StorageRoom = (typeof ROOMS_WITH_STORAGE)[number];

/** Runs the migrations of the rooms that have pending ones; `env` needs DATABASE_URL. */
export async function migrateAll(env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<void> {
  for (const room of await roomsToMigrate(env['DATABASE_URL'] ?? '')) {
    await migrateRoom(room, env, signal);
  }
}

/** Runs one room's `main.ts migrate`. */
export function migrateRoom(
  room: StorageRoom,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<void> {
  const program = `subgraphs/${room}/src/main.ts`;
  return runProgram({ program, parameters: ['migrate'], env, signal });
}

/** Compares files with tables, which takes milliseconds; starting three programs takes seconds. */
async function roomsToMigrate(databaseUrl: string): Promise<StorageRoom[]> {
  return withClient(databaseUrl, async (client) => {
    const pending: StorageRoom[] = [];
    for (const room of ROOMS_WITH_STORAGE) {
      const done = await executedMigrations(client, room);
      if (migrationFiles(room).some((name) => !done.has(name))) pending.push(room);
    }
    return pending;
  });
}

function migrationFiles(room: StorageRoom): string[] {
  const directory = inProject('subgraphs', room, 'src/storage/migrations');
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((file) => /^Migration.*(?<!\.test)\.ts$/.test(file))
    .map((file) => file.slice(0, -'.ts'.length));
}

async function executedMigrations(client: pg.Client, room: StorageRoom): Promise<Set<string>> {
  const table = `${room}.migrations`;
  const { rows: found } = await client.query<{ exists: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS exists',
    [table],
  );
  if (!found[0]?.exists) return new Set();
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${table}`);
  return new Set(rows.map(({ name }) => name));
}
