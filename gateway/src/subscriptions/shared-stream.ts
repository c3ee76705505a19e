import { runDetached } from '@quantumroute/ops/request';
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
  source: EventStream<FormattedExecutionResult>;
  /** Where the source begins. */
  from: string | null;
  /** Completes an event of the source, once for all; never rejects. */
  complete: (event: FormattedExecutionResult) => Promise<FormattedExecutionResult>;
  /** Before anybody is told of an event that no cache may contradict. Never rejects. */
  beforeTold: () => Promise<void>;
  seal: (position: string) => string;
  capacity: number;
  onEnd: () => void;
  metrics: LiveMetrics;
};

type Wishes = Lifetime & { wantsMarks: boolean; wantsFirstMark: boolean };
type MarkedNote = ReceivedNote & { position: string };

/** Answers that were told lately, for who comes back with one of their positions. */
const MOST_REMEMBERED = 32;

/**
 * One subscription at a subgraph for any number of clients with equal rights: each event is completed
 * once, and everybody is given the same result. Who comes late gets the present state, or what he
 * has missed, and then the same events as all others. No client waits for another.
 */
export class SharedStream {
  readonly #parts: SharedStreamParts;
  readonly #subscribers = new Map<Subscriber, Wishes>();
  /** In order; `event` is null where there is only a position. */
  readonly #told: { position: string | null; event: SharedEvent | null }[] = [];
  /** Whether who begins now may join: nothing of the past is still to come. */
  #isLive: boolean;
  #state: 'open' | 'ended' = 'open';
  #mode: 'unknown' | 'state' | 'feed' | 'untold' = 'unknown';

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
    const subscriber = createSubscriber({
      capacity,
      onGone: () => this.#leave(subscriber),
      onSlow: (outcome, count) => metrics.events.inc({ outcome }, count),
    });
    const wantsFirstMark = wantsCursor && from === null && missed.length === 0;
    this.#subscribers.set(subscriber, {
      wantsMarks: wantsCursor || from !== null,
      wantsFirstMark,
      ...lifetime,
    });
    for (const event of missed) subscriber.push(event);
    const position = this.#told.at(-1)?.position;
    if (wantsFirstMark && position && this.#mode === 'feed') this.#tellMark({ position });
    return subscriber.stream;
  }

  /** What a client gets at once; null when nobody here can tell. */
  #missedAfter(from: string | null): SharedEvent[] | null {
    const last = this.#told.findLast(({ event }) => event)?.event;
    if (from === null) {
      if (!this.#isLive || this.#mode === 'untold') return null;
      if (this.#mode !== 'state') return [];
      return last ? [last] : null;
    }
    const at = this.#told.findLastIndex(({ position }) => position === from);
    if (at < 0) return null;
    const later = this.#told.slice(at + 1).flatMap(({ event }) => event ?? []);
    return this.#mode === 'state' ? later.slice(-1) : later;
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
  }

  async #happened(value: FormattedExecutionResult, note: ReceivedNote | null): Promise<void> {
    const { complete, beforeTold, metrics } = this.#parts;
    if (note?.settles !== false && value.data) await beforeTold();
    const completed = await complete(value);
    metrics.events.inc({ outcome: 'executed' });
    if (this.#state === 'ended') return;
    const event: SharedEvent = {
      result: this.#withCursor(completed, note),
      replaces: replacedBy(note),
    };
    if (note?.mode) this.#mode = note.mode;
    else if (value.data) this.#mode = 'untold';
    if (this.#mode === 'state') this.#isLive = true;
    this.#remember({ position: note?.position ?? null, event });
    metrics.events.inc({ outcome: 'delivered' }, this.#subscribers.size);
    for (const [subscriber, { onFailed }] of this.#subscribers) {
      if (completed.errors) onFailed(completed);
      subscriber.push(event);
    }
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
