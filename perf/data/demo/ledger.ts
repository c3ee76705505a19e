import type { ClientBase } from 'pg';
import { partKey } from './parts.ts';
import type { Part } from './parts.ts';

/** Which parts of the demo data a database has. A schema of its own: no room's migration knows it. */
const CREATE = `
  create schema if not exists demo;
  create table if not exists demo.parts (
    key text primary key,
    loaded_at timestamptz not null default now()
  )`;

/** The keys of the parts that are there; none in a database that never saw demo data. */
export async function loadedParts(client: ClientBase): Promise<Set<string>> {
  const known = await client.query<{ known: boolean }>(
    `select to_regclass('demo.parts') is not null as known`,
  );
  if (known.rows[0]?.known !== true) return new Set();
  const { rows } = await client.query<{ key: string }>('select key from demo.parts');
  return new Set(rows.map(({ key }) => key));
}

/** Takes the lock of the demo data until the transaction ends, and makes the ledger where needed. */
export async function openLedger(client: ClientBase): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtext('quantumroute demo data'))`);
  await client.query(CREATE);
}

/** Writes down that a part is there now. */
export async function enterPart(client: ClientBase, part: Part): Promise<void> {
  await client.query('insert into demo.parts (key) values ($1)', [partKey(part)]);
}
