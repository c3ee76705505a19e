import type { EntityManager } from '@mikro-orm/postgresql';

/** A place in the outbox. Both are integers of 64 bits, as text. */
export type OutboxPosition = { readonly transactionId: string; readonly position: string };

/** An event as consumers get it; a later one of the same type and subject replaces it. */
export type OutboxEvent = OutboxPosition & {
  readonly organizationId: string;
  readonly type: 'stop.finished' | 'route.finished';
  /** Of the stop or the route. */
  readonly subjectId: string;
  readonly body: Record<string, unknown>;
  readonly recordedAt: Date;
};

/** Before the first event. */
export const OUTBOX_START: OutboxPosition = { transactionId: '0', position: '0' };

/**
 * The next events after a position, at most `limit`, in the order to consume them. Who stores the
 * position of the last one together with what it did with them reads every event once. A position
 * that lies in the future belongs to a database that this one was restored from: it is no position
 * here, and reading starts again.
 */
export async function readEvents(
  em: EntityManager,
  { after, limit }: { after: OutboxPosition; limit: number },
): Promise<OutboxEvent[]> {
  const rows: (Omit<OutboxEvent, 'recordedAt'> & { recordedAtMs: number })[] = await em.execute(
    `select transaction_id::text as "transactionId", position::text, type, body,
       organization_id as "organizationId", subject_id as "subjectId",
       (extract(epoch from recorded_at) * 1000)::float8 as "recordedAtMs"
     from route_published.events
     where (transaction_id, position) > (
       select case when ?::xid8 < now.xmax then ?::xid8 else '0' end,
         case when ?::xid8 < now.xmax then ?::bigint else 0 end
       from (select pg_snapshot_xmax(pg_current_snapshot()) as xmax) now)
     order by transaction_id, position
     limit ?`,
    [after.transactionId, after.transactionId, after.transactionId, after.position, limit],
  );
  return rows.map(({ recordedAtMs, ...event }) => ({
    ...event,
    recordedAt: new Date(recordedAtMs),
  }));
}
