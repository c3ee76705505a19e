import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { badInput } from './failures.ts';
import type { Identity } from './identity.ts';
import { organizationOf } from './identity.ts';

export { RefusedError } from './user-errors.ts';

/** What `idempotent` gives: the value (`replayed` when it is an earlier call's), or a reused key. */
export type IdempotentResult<T> =
  | { kind: 'done'; value: T; replayed: boolean }
  | { kind: 'reused' };

/**
 * Runs `run` once per key, in one transaction with the key's row. A second call with the same key
 * and body gets the first call's value, waiting for it if need be; with another body it gets
 * `reused`. Keys belong to organization, caller and operation, and live for 72 hours. When `run`
 * throws (such as `RefusedError`), everything is rolled back and the key stays unused. `T` is JSON.
 */
export async function idempotent<T>(
  {
    em,
    identity,
    operation,
    key,
    body,
  }: { em: EntityManager; identity: Identity; operation: string; key: string; body: unknown },
  run: (em: EntityManager) => Promise<T>,
): Promise<IdempotentResult<T>> {
  if (key.length < 1 || key.length > MAX_KEY_LENGTH || UNSTORABLE.test(key)) {
    throw badInput(['idempotencyKey'], `A key needs 1 to ${MAX_KEY_LENGTH} printable characters`);
  }
  const row = [organizationOf(identity), callerOf(identity), operation, key];
  const bodyHash = createHash('sha256').update(canonicalJson(body)).digest();
  const table = `"${em.schema ?? schemaOf(em)}".idempotency_keys`;
  return em.transactional(async (tx) => {
    const claimed = await claim(tx, table, row, bodyHash);
    if (!claimed) return replay<T>(tx, table, row, bodyHash);
    const value = await run(tx);
    await tx.flush();
    await tx.execute(
      `update ${table} set result = ?::jsonb
       where organization_id = ? and caller = ? and operation = ? and key = ?`,
      [JSON.stringify({ value: value ?? null }), ...row],
    );
    return { kind: 'done', value, replayed: false };
  });
}

/** The table that `idempotent` needs, for a room's first migration. */
export function idempotencyTableSql(schema: string): string {
  return `
    create table "${schema}".idempotency_keys (
      organization_id uuid not null,
      caller text not null,
      operation text not null,
      key text not null,
      body_hash bytea not null,
      result jsonb,
      created_at timestamptz not null default now(),
      primary key (organization_id, caller, operation, key)
    );
    create index idempotency_keys_created_at on "${schema}".idempotency_keys (created_at);
  `;
}

/** JSON with sorted keys, so that equal bodies have equal text. Undefined counts as absent. */
export function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_key, part: unknown) => {
      if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
      return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    }) ?? 'null'
  );
}

const MAX_KEY_LENGTH = 200;
const UNSTORABLE = /[\p{Cc}\p{Cs}]/u;

function callerOf(identity: Identity): string {
  return JSON.stringify([
    identity.kind,
    identity.partnerId ?? identity.driverId ?? identity.subject,
  ]);
}

function schemaOf(em: EntityManager): string {
  return em.config.get('schema') ?? 'public';
}

/**
 * Takes the key for this transaction; false when someone else has it. The insert waits for a
 * concurrent holder. Expired keys go as a side effect, a few at a time, never waiting for a lock.
 */
async function claim(
  tx: EntityManager,
  table: string,
  row: readonly string[],
  bodyHash: Buffer,
): Promise<boolean> {
  const rows: unknown[] = await tx.execute(
    `with expired as (
       delete from ${table} where ctid in (
         select ctid from ${table}
         where created_at < now() - interval '72 hours'
           and (organization_id, caller, operation, key) <> (?, ?, ?, ?)
         order by created_at limit 50 for update skip locked)
     )
     insert into ${table} as known (organization_id, caller, operation, key, body_hash)
     values (?, ?, ?, ?, ?)
     on conflict (organization_id, caller, operation, key)
     do update set body_hash = excluded.body_hash, result = null, created_at = now()
     where known.created_at < now() - interval '72 hours'
     returning 1`,
    [...row, ...row, bodyHash],
  );
  return rows.length > 0;
}

async function replay<T>(
  tx: EntityManager,
  table: string,
  row: readonly string[],
  bodyHash: Buffer,
): Promise<IdempotentResult<T>> {
  const [known]: { body_hash: Buffer; result: { value: T } | null }[] = await tx.execute(
    `select body_hash, result from ${table}
     where organization_id = ? and caller = ? and operation = ? and key = ?`,
    row,
  );
  if (!known) throw new Error('An idempotency key vanished between insert and select');
  if (!bodyHash.equals(known.body_hash) || !known.result) return { kind: 'reused' };
  return { kind: 'done', value: known.result.value, replayed: true };
}
