import type { EntityManager } from '@mikro-orm/postgresql';

import type { EventRange } from './events.ts';
import { EVENTS_IN_RANGE, rangeValues } from './events.ts';

/** Classes of SQLSTATE that an event's content is to blame for: data exception, integrity violation. */
const CLASSES_OF_CONTENT = ['22', '23'];

export function isBrokenEvent(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return CLASSES_OF_CONTENT.includes(String(error.code).slice(0, 2));
}

/** Keeps the one event of the range apart, with the reason, so that the rest goes on. */
export async function setAside(tx: EntityManager, range: EventRange, reason: Error): Promise<void> {
  await tx.execute(
    `insert into report.set_aside_events (transaction_id, position, organization_id, type,
       subject_id, body, recorded_at, reason)
     select transaction_id, position, organization_id, type, subject_id, body, recorded_at, ?
     from ${EVENTS_IN_RANGE}
     on conflict (transaction_id, position) do update set reason = excluded.reason`,
    [reason.message.slice(0, 1_000), ...rangeValues(range)],
  );
}
