import type { ClientBase } from 'pg';
import { TABLES } from './tables.ts';

/** Tells the planner of PostgreSQL what has been loaded. */
export async function analyze(client: ClientBase): Promise<void> {
  await client.query(`analyze ${Object.keys(TABLES).join(', ')}`);
}
