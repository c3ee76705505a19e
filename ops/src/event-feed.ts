import type { EventLog, LoggedEvents } from './event-log.ts';
import { resumePosition } from './live-event.ts';
import type { LiveSource } from './live-event.ts';
import { addListener } from './listeners.ts';
import type { Listeners } from './listeners.ts';
import type { Logger } from './log.ts';
import { runDetached } from './request.ts';
import { watchFeed } from './watch-feed.ts';
import type { ChangedSince, FeedRequest } from './watch-feed.ts';

/** The feeds of one kind of event in this process. */
export type EventFeed<E> = {
  /** The changes of an organization from now on for one reader, or from where he resumes. */
  watch<R extends { version: number }>(
    request: Omit<FeedRequest<E, R>, 'from'> & { from?: string | null },
  ): Promise<LiveSource<R>>;
  /** An event was heard of: whoever waits for the organization's looks at its log. */
  tell(event: E): void;
  /** Events may have been missed: brings the logs up to date, and everybody looks. Never rejects. */
  catchUp(): Promise<void>;
  close(): void;
};

const EVERY_MS = 3_000;
/** Longer than a transaction that changes a row: its time is when it began. */
const OVERLAP_MS = 10_000;
const MOST_AT_ONCE = 5_000;

/**
 * Feeds that lose nothing: every few seconds one of all processes looks for changed rows whose event
 * nobody could append, because Redis was away or the process died, and appends it.
 */
export function createEventFeed<E extends { organizationId: string }>({
  events,
  log,
  changedSince,
  logger,
}: {
  events: Pick<LoggedEvents<E>, 'keyOf' | 'versionOf'>;
  log: EventLog<E>;
  changedSince: ChangedSince<E>;
  logger: Logger;
}): EventFeed<E> {
  const readers: Listeners<null> = new Map();
  const ring = (organizationId: string): void => {
    for (const listener of readers.get(organizationId) ?? []) listener(null);
  };
  const catchUp = async (): Promise<void> => {
    try {
      await completeLogs(log, changedSince);
    } catch (error) {
      logger.debug({ err: error }, 'logs of events not completed');
    }
    for (const organizationId of readers.keys()) ring(organizationId);
  };
  const timer = setInterval(() => void runDetached(catchUp), EVERY_MS);
  return {
    watch: ({ from = resumePosition(), ...request }) =>
      watchFeed(
        { events, log, changedSince },
        {
          ...request,
          from,
          listen: (listener) => addListener(readers, request.organizationId, listener),
        },
      ),
    tell: ({ organizationId }) => ring(organizationId),
    catchUp: () => runDetached(catchUp),
    close: () => clearInterval(timer),
  };
}

async function completeLogs<E extends { organizationId: string }>(
  log: EventLog<E>,
  changedSince: ChangedSince<E>,
): Promise<void> {
  const completeUntilMs = await log.takeTurn(EVERY_MS - 500);
  if (completeUntilMs === null) return;
  const startedAt = Date.now();
  const sinceMs = (completeUntilMs || startedAt) - OVERLAP_MS;
  const done: string[] = [];
  let isCut = true;
  while (isCut) {
    const query = { organizationId: null, without: done, sinceMs, limit: MOST_AT_ONCE };
    const rows = await changedSince(query);
    isCut = rows.length >= MOST_AT_ONCE;
    const limit = log.capacity;
    for (const [organizationId, events] of Map.groupBy(rows, (event) => event.organizationId)) {
      const latest = isCut
        ? await changedSince({ organizationId, sinceMs, limit })
        : events.slice(-limit);
      await log.append(organizationId, latest, { isCut: latest.length >= limit });
      done.push(organizationId);
    }
  }
  await log.isCompleteUntil(startedAt);
}
