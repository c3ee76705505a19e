import type { ClientBase } from 'pg';
import { TABLES } from './tables.ts';

/**
 * Tells the planner of PostgreSQL what has been loaded, and lets reports read facts from their
 * indexes alone. Outside of a transaction.
 */
export async function settle(client: ClientBase): Promise<void> {
  await analyze(client);
  await client.query('vacuum report.stop_facts, report.route_facts');
}

async function analyze(client: ClientBase): Promise<void> {
  await client.query(`analyze ${Object.keys(TABLES).join(', ')}`);
}

/**
 * The same, after the first, second, fourth … part of a load. Foreign keys are checked by plans
 * that PostgreSQL keeps. Made for tables that are almost empty, they read all of a table that has
 * grown since.
 */
export async function analyzeAsTheyDouble(client: ClientBase, partsLoaded: number): Promise<void> {
  if (Number.isInteger(Math.log2(partsLoaded))) await analyze(client);
}
