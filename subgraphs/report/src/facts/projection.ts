import type { EntityManager } from '@mikro-orm/postgresql';

import { epochMs } from './epoch-ms.ts';
import type { EventKey } from './events.ts';

/**
 * How far the events have become facts, as read by a projector that began at `now`, in transaction
 * `own`. Transactions before `horizon` have ended, and whatever they wrote can be seen.
 */
export type Projection = EventKey & {
  readonly consumedUntil: number;
  readonly mark: Mark | null;
  readonly own: string;
  readonly now: number;
  readonly horizon: string;
};

/** A moment, and the transaction that began then: who was writing before it has a smaller number. */
type Mark = { readonly transactionId: string; readonly at: number };

type Row = Omit<Projection, 'mark'> & { markTransactionId: string | null; markAt: number | null };

const CONSUMER = 'facts';
const LOCK_TIMEOUT_MS = 2_000;

/**
 * Takes the projector's turn until the transaction ends; null when somebody else has it. Instants are
 * whole milliseconds, rounded to the safe side. Numbers of transactions that lie in the future are of
 * the database from whose dump this one was restored: they mean nothing, and reading starts again.
 */
export async function takeProjection(tx: EntityManager): Promise<Projection | null> {
  await tx.execute(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
  const [turn]: { taken: boolean }[] = await tx.execute(
    `select pg_try_advisory_xact_lock(hashtext('report.projection')) as taken`,
  );
  if (turn?.taken !== true) return null;
  const [row]: Row[] = await tx.execute(
    `select case when ${isKnown('transaction_id')} then transaction_id::text else '0' end
         as "transactionId",
       case when ${isKnown('transaction_id')} then position::text else '0' end as position,
       ${epochMs('consumed_until')} as "consumedUntil",
       case when ${isKnown('marked_transaction_id')} then marked_transaction_id::text end
         as "markTransactionId", ${epochMs('marked_at')} as "markAt",
       pg_current_xact_id()::text as own, ${epochMs('now()')} as now,
       pg_snapshot_xmin(pg_current_snapshot())::text as horizon
     from report.projection where consumer = ?`,
    [CONSUMER],
  );
  if (row === undefined) throw new Error(`report.projection needs a row ${CONSUMER}, got none`);
  const { markTransactionId, markAt, ...rest } = row;
  const mark =
    markTransactionId === null || markAt === null
      ? null
      : { transactionId: markTransactionId, at: markAt };
  return { ...rest, mark };
}

/** Where the projection stands after a batch. */
export function advanced(
  projection: Projection,
  { last, isDrained }: { last: EventKey | undefined; isDrained: boolean },
): Projection {
  const moved = last === undefined ? projection : { ...projection, ...last };
  return isDrained ? consumed(moved) : moved;
}

/**
 * Everything that was committed before the projector began has a smaller number than its own: when
 * nobody with a smaller number still writes, all of it has been read. Else the moment is marked, and
 * reached when those who wrote then have ended.
 */
function consumed(projection: Projection): Projection {
  const { consumedUntil, mark, own, now, horizon } = projection;
  const until = (at: number) => Math.max(at, consumedUntil);
  if (BigInt(horizon) >= BigInt(own))
    return { ...projection, consumedUntil: until(now), mark: null };
  const next = { transactionId: own, at: now };
  if (mark === null) return { ...projection, mark: next };
  if (BigInt(horizon) < BigInt(mark.transactionId)) return projection;
  return { ...projection, consumedUntil: until(mark.at), mark: next };
}

/** Keeps where the projection stands. */
export async function writeProjection(
  tx: EntityManager,
  { transactionId, position, consumedUntil, mark }: Projection,
): Promise<void> {
  await tx.execute(
    `update report.projection set transaction_id = ?::xid8, position = ?::bigint,
       consumed_until = to_timestamp(?::float8 / 1000), marked_transaction_id = ?::xid8,
       marked_at = to_timestamp(?::float8 / 1000)
     where consumer = ?`,
    [
      transactionId,
      position,
      consumedUntil,
      mark?.transactionId ?? null,
      mark?.at ?? null,
      CONSUMER,
    ],
  );
}

function isKnown(transaction: string): string {
  return `${transaction} < pg_snapshot_xmax(pg_current_snapshot())`;
}
