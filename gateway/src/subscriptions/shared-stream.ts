import type { LiveMode } from '@quantumroute/ops/live-event';
import { runDetached } from '@quantumroute/ops/request';
import { endSpan, startWorkSpan } from '@quantumroute/ops/tracing';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import type { EventStream } from './event-queue.ts';
import { isMark, liveExtensions, noteOf } from './live-note.ts';
import type { ReceivedNote } from './live-note.ts';
import type { Lifetime } from './lifetime.ts';
import type { LiveMetrics } from './live-metrics.ts';
import type { StreamSource } from './stream-source.ts';
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
  readonly key: string;
  source: StreamSource;
  /** Where the source begins. */
  from: string | null;
  capacity: number;
  registry: StreamRegistry;
  metrics: LiveMetrics;
};

/** Whoever has to know of a shared subscription. */
export type StreamRegistry = {
  /** It has come to another position, and everybody was told. */
  onMoved(stream: SharedStream): void;
  onEnd(stream: SharedStream): void;
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
  readonly key: string;
  readonly #parts: Pick<SharedStreamParts, 'from' | 'capacity' | 'metrics'>;
  readonly #subscribers = new Map<Subscriber, Wishes>();
  /** In order; `event` is null where there is only a position. */
  readonly #told: { position: string | null; event: SharedEvent | null }[] = [];
  /** Whether who begins now may join: nothing of the past is still to come. */
  #isLive: boolean;
  #source: StreamSource;
  #events: EventStream<FormattedExecutionResult> | undefined;
  #registry: StreamRegistry;
  #state: 'open' | 'ended' = 'open';
  #isReopening = false;
  #mode: 'unknown' | LiveMode | 'untold' = 'unknown';

  constructor({ key, source, registry, ...parts }: SharedStreamParts) {
    this.key = key;
    this.#parts = parts;
    this.#source = source;
    this.#registry = registry;
    this.#isLive = parts.from === null;
    if (parts.from !== null) this.#told.push({ position: parts.from, event: null });
  }

  /** Takes events until there are no more, or nobody wants them. */
  start(): void {
    const events = this.#source.open(this.#parts.from);
    this.#events = events;
    runDetached(() => void this.#run(events));
  }

  /** What it runs on. */
  get source(): StreamSource {
    return this.#source;
  }

  /** The position of what was told last; null while there is none to go on from. */
  get position(): string | null {
    return this.#told.findLast(({ position }) => position !== null)?.position ?? null;
  }

  /**
   * Runs on this source from the next event on. The events of the one before are kept, unless it
   * `isReopened`: then they come from the new one, after those that were told. False when it is over.
   */
  goOn(
    source: StreamSource,
    { isReopened, registry }: { isReopened: boolean; registry: StreamRegistry },
  ): boolean {
    if (this.#state === 'ended') return false;
    this.#source = source;
    this.#registry = registry;
    if (!isReopened) return true;
    this.#isReopening = true;
    this.#isLive = false;
    void this.#events?.return();
    return true;
  }

  /** Tells everybody why nothing more comes, and where they were. */
  endWith(errors: readonly GraphQLFormattedError[]): void {
    const last = this.#withCursor({ errors }, null);
    for (const [subscriber, { onFailed }] of this.#subscribers) {
      onFailed(last);
      subscriber.end(last);
      this.#leave(subscriber);
    }
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
    const isOpen = this.#state === 'open' && !this.#isReopening;
    const missed = place !== null && isOpen ? this.#missedAfter(place) : null;
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

  async #run(first: EventStream<FormattedExecutionResult>): Promise<void> {
    let events = first;
    for (;;) {
      const { done, value } = await events.next();
      if (this.#state === 'ended') break;
      if (this.#isReopening) {
        // What had come, and was not told by then, comes again.
        this.#isReopening = false;
        events = this.#source.open(this.position);
        this.#events = events;
        continue;
      }
      if (done) break;
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
    this.#registry.onMoved(this);
  }

  async #happened(value: FormattedExecutionResult, note: ReceivedNote | null): Promise<void> {
    const { plan } = this.#source;
    const span = startWorkSpan(`event ${plan.field}`, { header: note?.trace });
    if (note?.settles !== false && value.data) await this.#source.beforeTold();
    if (this.#isReopening) return endSpan(span);
    const completed = await this.#source.complete(value, span);
    this.#parts.metrics.events.inc({ outcome: 'executed' });
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
    if (note?.position) this.#registry.onMoved(this);
  }

  /** An answer without a position, such as why the source ends, carries that of the last one. */
  #withCursor(
    completed: FormattedExecutionResult,
    note: ReceivedNote | null,
  ): FormattedExecutionResult {
    const position = note?.position ?? this.position;
    if (!position) return completed;
    const extensions = liveExtensions({ cursor: this.#source.seal(position), gap: note?.gap });
    return { ...completed, extensions };
  }

  #tellMark({ position, gap }: MarkedNote): void {
    const extensions = liveExtensions({ cursor: this.#source.seal(position), gap });
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
    void this.#events?.return();
    this.#source.onEnd();
    this.#registry.onEnd(this);
  }
}

function replacedBy(note: ReceivedNote | null): SharedEvent['replaces'] {
  if (note?.mode === 'state') return { kind: 'all' };
  return note?.key === undefined ? { kind: 'none' } : { kind: 'key', key: note.key };
}
