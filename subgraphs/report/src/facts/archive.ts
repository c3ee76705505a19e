import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

import type { Postgres } from '@quantumroute/ops/postgres';

import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { Archived, ClosedMonth, FactTable } from './archive-store.ts';
import {
  archivedOf,
  closeMonth,
  detachPartition,
  finishMonth,
  partitionOf,
  releaseMonth,
  replacePartition,
} from './archive-store.ts';
import { withMaintenance } from './maintenance.ts';

export type ArchiveParts = {
  readonly postgres: Postgres;
  readonly databaseUrl: string;
  readonly store: ArtifactStore;
};

const FACT_TABLES: readonly FactTable[] = ['stop_facts', 'route_facts'];
const LEASE_MS = 3_600_000;
const TIMEOUT_MS = 3_000_000;

/**
 * Brings the oldest month beyond `keepMonths` from the database into the archive, and gives it; null
 * when there is none, or others are at it. The roll-ups of the month stay. What a crash leaves is
 * taken up by the next attempt.
 */
export async function archiveNextMonth(
  parts: ArchiveParts,
  { keepMonths, signal }: { keepMonths: number; signal: AbortSignal },
): Promise<string | null> {
  const { postgres } = parts;
  const closed = await closeMonth(postgres.fork(), { keepMonths, leaseMs: LEASE_MS });
  if (closed === null) return null;
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    await withMaintenance(
      { url: parts.databaseUrl, signal: inTime, timeoutMs: TIMEOUT_MS },
      (client) => archiveMonth(parts, client, closed),
    );
  } catch (error) {
    await releaseMonth(postgres.fork(), closed);
    throw error;
  }
  return closed.month;
}

async function archiveMonth(
  { postgres, store }: ArchiveParts,
  client: Client,
  closed: ClosedMonth,
): Promise<void> {
  const done = await archivedOf(postgres.fork(), closed);
  const known = done.map(({ storeKey }) => storeKey);
  for (const key of await store.keysOf(closed.archiveId)) {
    if (!known.includes(key)) await store.remove(key);
  }
  for (const facts of FACT_TABLES) {
    if (done.some((archived) => archived.facts === facts)) continue;
    const archived = await storePartition(store, client, { facts, closed });
    await checkStored(store, archived);
    await detachPartition(client, facts, closed);
    await replacePartition(postgres.fork(), closed, archived);
  }
  await finishMonth(postgres.fork(), closed);
}

async function storePartition(
  store: ArtifactStore,
  client: Client,
  { facts, closed }: { facts: FactTable; closed: ClosedMonth },
): Promise<Archived> {
  const { archiveId, attempt, month } = closed;
  const storeKey = `${archiveId}/${attempt}-${facts.replace('_', '-')}-${month.slice(0, 7)}.csv.gz`;
  const rows = client.query(
    copyTo(`copy (select * from ${partitionOf(facts, closed)} order by organization_id, service_date)
      to stdout with (format csv, header)`),
  );
  const packed = createGzip();
  const [, { byteSize, sha256 }] = await Promise.all([
    pipeline(rows, packed, { end: true }),
    store.write(storeKey, packed),
  ]);
  return { facts, storeKey, sha256, byteSize, rowCount: rows.rowCount };
}

/** Nothing is dropped before the store has given back what it was given. */
async function checkStored(store: ArtifactStore, { storeKey, sha256 }: Archived): Promise<void> {
  const file = await store.read(storeKey);
  if (file === null) throw new Error(`The archive has lost ${storeKey}`);
  const hash = createHash('sha256');
  for await (const chunk of file) hash.update(chunk as Buffer);
  const got = hash.digest('hex');
  if (got !== sha256) throw new Error(`${storeKey} needs SHA-256 ${sha256}, got ${got}`);
}
