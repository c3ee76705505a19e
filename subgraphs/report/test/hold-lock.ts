import { Client } from 'pg';

import type { World } from './world.ts';

/** Keeps everybody from reading a table, so that a report stands still in the middle of its SQL. */
export async function holdLock(
  { databaseUrl }: World,
  table: string,
): Promise<{ isWaitedFor(): Promise<boolean>; release(): Promise<void> }> {
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  await client.query(`lock table ${table} in access exclusive mode`);
  return {
    async isWaitedFor() {
      const waiting = 'select from pg_locks where relation = $1::regclass and not granted';
      const { rowCount } = await client.query(waiting, [table]);
      return rowCount !== 0;
    },
    release: () => client.end(),
  };
}
