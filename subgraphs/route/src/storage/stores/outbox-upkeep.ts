import type { EntityManager } from '@mikro-orm/postgresql';

/** Deletes the oldest events whose time is over, at most `limit`, and gives their number. */
export async function deleteExpiredEvents(em: EntityManager, limit: number): Promise<number> {
  const rows: object[] = await em.execute(
    `delete from route.outbox using (
       select transaction_id, position from route.outbox
       order by transaction_id, position limit ? for update skip locked
     ) oldest
     where outbox.transaction_id = oldest.transaction_id and outbox.position = oldest.position
       and expires_at < now()
     returning 1`,
    [limit],
  );
  return rows.length;
}

/**
 * A database that was restored from a dump counts its transactions from the beginning again: events
 * of the former count would be invisible, and stand behind every new one. Gives at most `limit` of
 * them to the present transaction, in their order, and gives their number.
 */
export async function adoptRestoredEvents(em: EntityManager, limit: number): Promise<number> {
  const rows: object[] = await em.execute(
    `update route.outbox set transaction_id = pg_current_xact_id()
     from (
       select transaction_id, position from route.outbox
       where transaction_id >= pg_snapshot_xmax(pg_current_snapshot())
       order by transaction_id, position limit ? for update
     ) restored
     where outbox.transaction_id = restored.transaction_id and outbox.position = restored.position
     returning 1`,
    [limit],
  );
  return rows.length;
}
