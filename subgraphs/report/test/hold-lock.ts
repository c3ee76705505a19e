import { Client } from 'pg';

import type { World } from './world.ts';

/** Keeps everybody from reading a table, so that a report stands still in the middle of its SQL. */
export async function holdLock(
  { databaseUrl }: World,
  table: string,
): Promise<{ release(): Promise<void> }> {
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  await client.query(`lock table ${table} in access exclusive mode`);
  return { release: () => client.end() };
}
