import type { EntityManager } from '@mikro-orm/postgresql';

import type { OutboxPosition } from './outbox-queries.ts';
import { OUTBOX_START } from './outbox-queries.ts';

/**
 * Whether the caller's transaction alone relays to the target; it does until it ends. A lock of this
 * kind gives the transaction no number, so that it keeps no event from anybody while it lasts.
 */
export async function takeRelayTurn(em: EntityManager, target: string): Promise<boolean> {
  const [row]: { taken: boolean }[] = await em.execute(
    'select pg_try_advisory_xact_lock(hashtext(?)) as taken',
    [`relay ${target}`],
  );
  return row?.taken === true;
}

/** The last event that the target has. */
export async function readRelayPosition(
  em: EntityManager,
  target: string,
): Promise<OutboxPosition> {
  const [row]: OutboxPosition[] = await em.execute(
    `select transaction_id::text as "transactionId", position::text
     from route.relay_positions where target = ?`,
    [target],
  );
  return row ?? OUTBOX_START;
}

export async function writeRelayPosition(
  em: EntityManager,
  target: string,
  { transactionId, position }: OutboxPosition,
): Promise<void> {
  await em.execute(
    `insert into route.relay_positions (target, transaction_id, position)
     values (?, ?::xid8, ?::bigint)
     on conflict (target) do update set transaction_id = excluded.transaction_id,
       position = excluded.position, relayed_at = now()`,
    [target, transactionId, position],
  );
}

/** Events that the target lacks, `atMost` of them counted, and how old the first of them is. */
export async function countUnrelayed(
  em: EntityManager,
  target: string,
  atMost: number,
): Promise<{ events: number; oldestSeconds: number }> {
  const { transactionId, position } = await readRelayPosition(em, target);
  const [row]: { events: number; oldestSeconds: number }[] = await em.execute(
    `select count(*)::int as events,
       coalesce(extract(epoch from now() - min(recorded_at)), 0)::float8 as "oldestSeconds"
     from (select recorded_at from route.outbox
       where (transaction_id, position) > (?::xid8, ?::bigint)
       order by transaction_id, position limit ?) waiting`,
    [transactionId, position, atMost],
  );
  return row ?? { events: 0, oldestSeconds: 0 };
}
