import type { LiveMode } from '@quantumroute/ops/live-event';
import { runDetached } from '@quantumroute/ops/request';
import { endSpan, startWorkSpan } from '@quantumroute/ops/tracing';
import type { Span } from '@quantumroute/ops/tracing';
import type { FormattedExecutionResult } from 'graphql';
import type { EventStream } from './event-queue.ts';
import { isMark, liveExtensions, noteOf } from './live-note.ts';
import type { ReceivedNote } from './live-note.ts';
import type { Lifetime } from './lifetime.ts';
import type { LiveMetrics } from './live-metrics.ts';
import { createSubscriber } from './subscriber.ts';
import type { SharedEvent, Subscriber } from './subscriber.ts';

/** What a client wants of a shared subscription. */
export type Joining = Lifetime & {
  /** The position after which it goes on; null for the present state, and what follows. */
  from: string | null;
  /** It will resume, and wants to know from where before anything has happened. */
  wantsCursor: boolean;
};

/** What a shared subscription is made of. */
export type SharedStreamParts = {
  /** What is subscribed to, for the spans. */
  field: string;
  source: EventStream<FormattedExecutionResult>;
  /** Where the source begins. */
  from: string | null;
  /** Completes an event of the source, once for all; never rejects. */
  complete: (event: FormattedExecutionResult, span?: Span) => Promise<FormattedExecutionResult>;
  /** Before anybody is told of an event that no cache may contradict. Never rejects. */
  beforeTold: () => Promise<void>;
  seal: (position: string) => string;
  capacity: number;
  /** It has come to another position, and everybody was told. */
  onMoved: () => void;
  onEnd: () => void;
  metrics: LiveMetrics;
};

type Wishes = Lifetime & {
  wantsMarks: boolean;
  wantsFirstMark: boolean;
  /** Whom the client has to be taken from when it leaves. */
  stream: SharedStream;
};
type MarkedNote = ReceivedNote & { position: string };

/** Answers that were told lately, for who comes back with one of their positions. */
const MOST_REMEMBERED = 32;

/**
 * One subscription at a subgraph for any number of clients with equal rights: each event is completed
 * once, and everybody is given the same result. Who comes late gets the present state, or what he
 * has missed, and then the same events as all others; who had to have one of his own for that, until
 * it has caught up. No client waits for another.
 */
export class SharedStream {
  readonly #parts: SharedStreamParts;
  readonly #subscribers = new Map<Subscriber, Wishes>();
  /** In order; `event` is null where there is only a position. */
  readonly #told: { position: string | null; event: SharedEvent | null }[] = [];
  /** Whether who begins now may join: nothing of the past is still to come. */
  #isLive: boolean;
  #state: 'open' | 'ended' = 'open';
  #mode: 'unknown' | LiveMode | 'untold' = 'unknown';

  constructor(parts: SharedStreamParts) {
    this.#parts = parts;
    this.#isLive = parts.from === null;
    if (parts.from !== null) this.#told.push({ position: parts.from, event: null });
  }

  /** Takes events until there are no more, or nobody wants them. */
  start(): void {
    runDetached(() => void this.#run());
  }

  /** Null when this client needs a subscription of its own. */
  join({ from, wantsCursor, ...lifetime }: Joining): EventStream<FormattedExecutionResult> | null {
    const missed = this.#state === 'open' ? this.#missedAfter(from) : null;
    if (!missed || missed.length > this.#parts.capacity) return null;
    const { capacity, metrics } = this.#parts;
    const wantsFirstMark = wantsCursor && from === null && missed.length === 0;
    const wishes: Wishes = {
      wantsMarks: wantsCursor || from !== null,
      wantsFirstMark,
      stream: this,
      ...lifetime,
    };
    const subscriber = createSubscriber({
      capacity,
      onGone: () => wishes.stream.#leave(subscriber),
      onSlow: (outcome, count) => metrics.events.inc({ outcome }, count),
    });
    this.#subscribers.set(subscriber, wishes);
    for (const event of missed) subscriber.push(event);
    const position = this.#told.at(-1)?.position;
    if (wantsFirstMark && position && this.#mode === 'feed') this.#tellMark({ position });
    return subscriber.stream;
  }

  /**
   * Takes over everybody of another one that has come to where this one is, or was lately: from there
   * on both tell the same. False when it is somewhere else.
   */
  takeOver(other: SharedStream): boolean {
    const place = other.#told.at(-1)?.position ?? null;
    const missed = place !== null && this.#state === 'open' ? this.#missedAfter(place) : null;
    if (!missed || missed.length > this.#parts.capacity) return false;
    this.#isLive ||= other.#isLive;
    for (const [subscriber, wishes] of other.#subscribers) {
      wishes.stream = this;
      this.#subscribers.set(subscriber, wishes);
      for (const event of missed) subscriber.push(event);
    }
    other.#subscribers.clear();
    other.#end();
    return true;
  }

  /** What a client gets at once; null when nobody here can tell. */
  #missedAfter(from: string | null): SharedEvent[] | null {
    const last = this.#told.findLast(({ event }) => event)?.event;
    if (from === null) {
      if (!this.#isLive || this.#mode === 'untold' || this.#mode === 'changes') return null;
      if (this.#mode !== 'state') return [];
      return last ? [last] : null;
    }
    const isThere = ({ position }: { position: string | null }) => position === from;
    // Of several that have it the first: who comes with it may have been told no more than that one.
    const isState = this.#mode === 'state';
    const at = isState ? this.#told.findLastIndex(isThere) : this.#told.findIndex(isThere);
    if (at < 0) return null;
    const later = this.#told.slice(at + 1).flatMap(({ event }) => event ?? []);
    return isState ? later.slice(-1) : later;
  }

  #leave(subscriber: Subscriber): void {
    this.#subscribers.get(subscriber)?.onGone();
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size === 0) this.#end();
  }

  async #run(): Promise<void> {
    const { source } = this.#parts;
    for (;;) {
      const { done, value } = await source.next();
      if (done || this.#state === 'ended') break;
      const note = noteOf(value);
      if (note?.position && isMark(value)) this.#marked({ ...note, position: note.position });
      else await this.#happened(value, note);
    }
    for (const subscriber of this.#subscribers.keys()) {
      subscriber.end();
      this.#leave(subscriber);
    }
    this.#end();
  }

  #marked(note: MarkedNote): void {
    this.#isLive = true;
    if (note.mode) this.#mode = note.mode;
    this.#remember({ position: note.position, event: null });
    this.#tellMark(note);
    this.#parts.onMoved();
  }

  async #happened(value: FormattedExecutionResult, note: ReceivedNote | null): Promise<void> {
    const { field, complete, beforeTold, metrics } = this.#parts;
    const span = startWorkSpan(`event ${field}`, { header: note?.trace });
    if (note?.settles !== false && value.data) await beforeTold();
    const completed = await complete(value, span);
    metrics.events.inc({ outcome: 'executed' });
    span?.addEvent('executed');
    if (note?.mode) this.#mode = note.mode;
    else if (value.data) this.#mode = 'untold';
    span?.setAttribute('quantumroute.clients', this.#subscribers.size);
    if (this.#state === 'open') this.#tell(completed, note);
    endSpan(span, completed.errors && 'The event has errors');
  }

  #tell(completed: FormattedExecutionResult, note: ReceivedNote | null): void {
    const event: SharedEvent = {
      result: this.#withCursor(completed, note),
      replaces: replacedBy(note),
    };
    if (this.#mode === 'state') this.#isLive = true;
    this.#remember({ position: note?.position ?? null, event });
    this.#parts.metrics.events.inc({ outcome: 'delivered' }, this.#subscribers.size);
    for (const [subscriber, { onFailed }] of this.#subscribers) {
      if (completed.errors) onFailed(completed);
      subscriber.push(event);
    }
    if (note?.position) this.#parts.onMoved();
  }

  /** An answer without a position, such as why the source ends, carries that of the last one. */
  #withCursor(
    completed: FormattedExecutionResult,
    note: ReceivedNote | null,
  ): FormattedExecutionResult {
    const position = note?.position ?? this.#told.findLast((each) => each.position)?.position;
    if (!position) return completed;
    const extensions = liveExtensions({ cursor: this.#parts.seal(position), gap: note?.gap });
    return { ...completed, extensions };
  }

  #tellMark({ position, gap }: MarkedNote): void {
    const extensions = liveExtensions({ cursor: this.#parts.seal(position), gap });
    const event: SharedEvent = {
      result: { data: null, extensions },
      replaces: { kind: 'none' },
    };
    for (const [subscriber, wants] of this.#subscribers) {
      if (!wants.wantsFirstMark && !(gap && wants.wantsMarks)) continue;
      wants.wantsFirstMark = false;
      subscriber.push(event);
    }
  }

  #remember(told: { position: string | null; event: SharedEvent | null }): void {
    this.#told.push(told);
    if (this.#told.length > MOST_REMEMBERED) this.#told.shift();
  }

  #end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    void this.#parts.source.return();
    this.#parts.onEnd();
  }
}

function replacedBy(note: ReceivedNote | null): SharedEvent['replaces'] {
  if (note?.mode === 'state') return { kind: 'all' };
  return note?.key === undefined ? { kind: 'none' } : { kind: 'key', key: note.key };
}
