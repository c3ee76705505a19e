import type { EntityManager } from '@mikro-orm/postgresql';

import type { Projection } from './projection.ts';

/** Where an event stands. Both are numbers of 64 bits, as text. */
export type EventKey = { readonly transactionId: string; readonly position: string };

/** From the first to the last event, both included. */
export type EventRange = { readonly first: EventKey; readonly last: EventKey };

/**
 * The next events in the order of their transactions. Only transactions are read that ended before
 * the horizon, and all that is older has ended too: what comes later stands behind. An order by
 * position alone would miss an event that got its position early and was committed late.
 */
export function readKeys(
  em: EntityManager,
  { after, limit }: { after: Projection; limit: number },
): Promise<EventKey[]> {
  return em.execute(
    `select transaction_id::text as "transactionId", position::text as position
     from route_published.events
     where (transaction_id, position) > (?::xid8, ?::bigint) and transaction_id < ?::xid8
     order by transaction_id, position limit ?`,
    [after.transactionId, after.position, after.horizon, limit],
  );
}

export function rangeOf(keys: readonly EventKey[]): EventRange | null {
  const [first] = keys;
  const last = keys.at(-1);
  return first === undefined || last === undefined ? null : { first, last };
}

/** As `from ${EVENTS_IN_RANGE}` with the values of `rangeValues`. */
export const EVENTS_IN_RANGE = `route_published.events event
  where (event.transaction_id, event.position) >= (?::xid8, ?::bigint)
    and (event.transaction_id, event.position) <= (?::xid8, ?::bigint)`;

export function rangeValues({ first, last }: EventRange): string[] {
  return [first.transactionId, first.position, last.transactionId, last.position];
}

/**
 * The latest event of each subject, with the number of `versions` that the range has of it. The
 * position tells which is later: it is drawn while the subject is locked.
 */
export const LATEST_OF_TYPE = `(
  select distinct on (event.subject_id) event.*,
    count(*) over (partition by event.subject_id)::int as versions
  from ${EVENTS_IN_RANGE} and event.type = ?
  order by event.subject_id, event.position desc)`;
