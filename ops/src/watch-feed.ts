import { createBell } from './bell.ts';
import { positionText, readLogPosition } from './event-log.ts';
import type { EventLog, LogPosition, LoggedEvents } from './event-log.ts';
import { live, mark } from './live-event.ts';
import type { GapReason, LiveEvent, LiveMark, LiveSource } from './live-event.ts';
import { pull } from './pull.ts';
import { createRetries } from './retries.ts';
import type { Retries } from './retries.ts';
import { createToldVersions } from './told-versions.ts';

/** The rows that changed since an instant, as events; of more than `limit` the latest, oldest first. */
export type ChangedSince<E> = (options: {
  /** Null for all organizations, but for those of `without`. */
  organizationId: string | null;
  without?: readonly string[];
  /** Milliseconds since the epoch. */
  sinceMs: number;
  limit: number;
}) => Promise<readonly E[]>;

/** What one reader of a feed wants. */
export type FeedRequest<E, R> = {
  organizationId: string;
  /** The position to go on from; null for whatever happens from now on. */
  from: string | null;
  /** Cheap refusal by the event alone; default none. */
  concerns?: (event: E) => boolean;
  /** The present state of what the event is about; null when this reader is not to see it. */
  load: (event: E) => Promise<R | null>;
  /** Whether the state is one that nobody may contradict from a cache; default always. */
  settles?: (state: R) => boolean;
};

/** What all readers of one kind of event share. */
export type FeedParts<E extends { organizationId: string }> = {
  events: Pick<LoggedEvents<E>, 'keyOf' | 'versionOf'>;
  log: EventLog<E>;
  changedSince: ChangedSince<E>;
};

/**
 * The changes of an organization, in order, each in its latest state: what changes again before it
 * is read is sent once, and nothing goes back in version. They come from the log; while Redis is
 * away, and where the log has a gap, from the rows. Reading waits for the reader, so that a slow one
 * costs nothing.
 */
export async function watchFeed<
  E extends { organizationId: string },
  R extends { version: number },
>(
  parts: FeedParts<E>,
  { listen, ...request }: FeedRequest<E, R> & { listen: (ring: () => void) => () => void },
): Promise<LiveSource<R>> {
  const bell = createBell();
  const ring = () => {
    reader.wake();
    bell.ring();
  };
  const retries = createRetries(ring);
  const reader = new FeedReader(parts, request, retries);
  const stop = listen(ring);
  try {
    await reader.start();
  } catch (error) {
    stop();
    throw error;
  }
  const free = () => {
    retries.end();
    stop();
  };
  return pull<LiveEvent<R> | LiveMark>({ bell, free, take: () => reader.take() });
}

const BATCH = 100;
const MOST_ROWS = 1_000;
/** Longer than a transaction that changes a row, and than clocks differ. */
const OVERLAP_MS = 10_000;
/** What changed so shortly before a reader came is no news, should it have to look at the rows. */
const RECENT_MS = 60_000;
/** A position moves past what does not concern the reader, and is told after so many events. */
const MARK_EVERY = 200;

type Pending<E> = { event: E; position: LogPosition | null };
type Told<R> = { key: string; state: R };

class FeedReader<E extends { organizationId: string }, R extends { version: number }> {
  readonly #parts: FeedParts<E>;
  readonly #request: FeedRequest<E, R>;
  readonly #retries: Retries;
  readonly #told;
  readonly #pending = new Map<string, Pending<E>>();
  /** Everything up to here was told. */
  #position: LogPosition = { epoch: 'none', sequence: 0, atMs: Date.now() };
  /** Where the position goes once nothing is pending. */
  #then: LogPosition | null = null;
  /** From when on `#told` knows what the reader has. */
  #knowsSinceMs = 0;
  #marked: LogPosition | null = null;
  #gap: GapReason | null = null;
  #mayHaveMore = true;
  /** A mark has told the reader that nothing of the past is still to come. */
  #isCaughtUp = false;

  constructor(parts: FeedParts<E>, request: FeedRequest<E, R>, retries: Retries) {
    this.#parts = parts;
    this.#request = request;
    this.#retries = retries;
    this.#told = createToldVersions();
  }

  wake(): void {
    this.#mayHaveMore = true;
  }

  async take(): Promise<LiveEvent<R> | LiveMark | null> {
    for (;;) {
      const next = await this.#next();
      if (next === 'later') {
        this.#retries.failed();
        return null;
      }
      if (next) return this.#event(next);
      if (this.#then) this.#position = this.#then;
      this.#then = null;
      if (!this.#mayHaveMore) return this.#markOfProgress();
      this.#mayHaveMore = false;
      await this.#read().then(this.#retries.worked, () => this.#readRowsOnly());
    }
  }

  /** What happens from now on is told. */
  async start(): Promise<void> {
    const { log, changedSince } = this.#parts;
    const { organizationId, from } = this.#request;
    const now = Date.now();
    if (from === null) {
      // Rows first: what happens between the two statements comes after the head, or is no news.
      const query = { organizationId, sinceMs: now - RECENT_MS, limit: MOST_ROWS };
      for (const event of await changedSince(query))
        this.#told.add(this.#keyOf(event), this.#versionOf(event));
      this.#knowsSinceMs = now - RECENT_MS;
      this.#position = await log.head(organizationId).catch(() => this.#position);
    } else {
      this.#position = readLogPosition(from) ?? this.#position;
      this.#knowsSinceMs = this.#position.atMs;
      this.#told.addAhead(from);
    }
  }

  /** What is told next of all that is pending; `later` when it cannot be read now. */
  async #next(): Promise<Told<R> | null | 'later'> {
    const { concerns = () => true, load } = this.#request;
    for (const [key, { event, position }] of this.#pending) {
      const version = this.#versionOf(event);
      let state: R | null = null;
      if (version > this.#told.of(key) && concerns(event)) {
        try {
          state = await load(event);
        } catch {
          return 'later';
        }
      }
      this.#pending.delete(key);
      if (position) {
        this.#position = position;
        this.#told.logged(key, version);
      }
      if (!state || state.version <= this.#told.of(key)) continue;
      this.#told.add(key, state.version);
      if (!position || state.version > version) this.#told.ahead(key, state.version);
      return { key, state };
    }
    return null;
  }

  async #read(): Promise<void> {
    const { log } = this.#parts;
    const { organizationId } = this.#request;
    const reading = await log.after(organizationId, this.#position, BATCH);
    if (reading.kind === 'gap') return await this.#readRows(reading.reason);
    for (const { position, event } of reading.entries) {
      this.#then = position;
      if (event) this.#put(event, position);
    }
    this.#mayHaveMore ||= reading.entries.length === BATCH;
  }

  /** The log does not lead on from here: the rows tell what changed, and its head is what follows. */
  async #readRows(reason: GapReason): Promise<void> {
    const { log, changedSince } = this.#parts;
    const { organizationId } = this.#request;
    const sinceMs = this.#position.atMs - OVERLAP_MS;
    const head = await log.head(organizationId);
    const rows = await changedSince({ organizationId, sinceMs, limit: MOST_ROWS });
    const isCut = rows.length >= MOST_ROWS;
    if (reason === 'TRIMMED' || isCut || sinceMs < this.#knowsSinceMs) this.#gap = reason;
    for (const event of rows) this.#put(event, null);
    this.#then = head;
  }

  /** Redis is away. Nothing is lost if this fails too: both are tried again. */
  async #readRowsOnly(): Promise<void> {
    this.#retries.failed();
    const { changedSince } = this.#parts;
    const { organizationId } = this.#request;
    const sinceMs = Math.max(this.#position.atMs - OVERLAP_MS, this.#knowsSinceMs);
    const query = { organizationId, sinceMs, limit: MOST_ROWS };
    for (const event of await changedSince(query).catch(() => [])) this.#put(event, null);
  }

  /** A later event of the same takes the place behind all others. */
  #put(event: E, position: LogPosition | null): void {
    const key = this.#keyOf(event);
    const known = this.#pending.get(key);
    if (known && this.#versionOf(known.event) > this.#versionOf(event)) return;
    this.#pending.delete(key);
    this.#pending.set(key, { event, position });
  }

  #event({ key, state }: Told<R>): LiveEvent<R> {
    // The last of what the rows told leads on to the head.
    if (this.#pending.size === 0 && this.#then) this.#position = this.#then;
    const { settles = () => true } = this.#request;
    const event = live({
      value: state,
      position: this.#positionText(),
      mode: 'feed',
      key,
      settles: settles(state),
      ...(this.#gap ? { gap: this.#gap } : {}),
    });
    this.#marked = this.#position;
    this.#gap = null;
    return event;
  }

  #markOfProgress(): LiveMark | null {
    const { epoch, sequence } = this.#position;
    const isSame = this.#isCaughtUp && this.#marked?.epoch === epoch;
    const moved = isSame ? sequence - (this.#marked?.sequence ?? 0) : MARK_EVERY;
    if (moved < MARK_EVERY && !this.#gap) return null;
    this.#isCaughtUp = true;
    const told = mark({
      position: this.#positionText(),
      mode: 'feed',
      ...(this.#gap ? { gap: this.#gap } : {}),
    });
    this.#marked = this.#position;
    this.#gap = null;
    return told;
  }

  #positionText(): string {
    return positionText(this.#position) + this.#told.aheadText();
  }

  #keyOf(event: E): string {
    return this.#parts.events.keyOf(event);
  }

  #versionOf(event: E): number {
    return this.#parts.events.versionOf(event);
  }
}
