import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import type { RouteWorld } from './route-world.ts';

/** A statement whose transaction is open, with its locks, until it is committed or rolled back. */
export async function openTransaction(
  { databaseUrl }: RouteWorld,
  statement: string,
  parameters: unknown[],
) {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query('begin');
  await client.query(statement, parameters);
  return {
    commit: () => client.query('commit'),
    rollBack: () => client.query('rollback'),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/** Not within a transaction, where PostgreSQL would give the same answer again and again. */
export async function untilWaiting({ sql }: RouteWorld, statements: number): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const waiting = await sql(
      `select 1 from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (waiting.length >= statements) return;
    await sleep(20);
  }
  throw new Error(`${statements} statements were expected to wait for a lock`);
}
