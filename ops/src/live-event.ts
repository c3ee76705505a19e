import { currentRequest } from './request.ts';

/**
 * Why what was missed cannot all be told: `TRIMMED`, it is older than what is kept; `RESET`, what was
 * kept is gone or began anew.
 */
export type GapReason = 'TRIMMED' | 'RESET';

/**
 * What events of a field are. `state`: each is the whole present state. `feed`: each counts, and who
 * begins is told what happens from now on. `changes`: each is what has changed of a whole, which who
 * begins is told of first.
 */
export type LiveMode = 'state' | 'feed' | 'changes';

/** What an event says about itself; `live` says what each part means. */
export type LiveNote = {
  position: string;
  mode: LiveMode;
  key?: string;
  settles: boolean;
  gap?: GapReason;
};

/** What a sign without data says. */
export type MarkNote = { position: string; mode: LiveMode; gap?: GapReason };

/** An event that says something about itself. Made by `live`. */
export class LiveEvent<T> {
  readonly value: T;
  readonly note: LiveNote;

  constructor(value: T, note: LiveNote) {
    this.value = value;
    this.note = note;
  }
}

/** Says that everything up to a position was told. Made by `mark`. */
export class LiveMark {
  readonly note: MarkNote;

  constructor(note: MarkNote) {
    this.note = note;
  }
}

/** What the source of a subscription's field yields, if the field can be resumed. */
export type LiveSource<T> = AsyncIterableIterator<LiveEvent<T> | LiveMark>;

/** An event for the source of a field: `value` is what the field's resolver gets as its parent. */
export function live<T>({
  value,
  settles = true,
  ...note
}: {
  value: T;
  /** A text that only the field understands, of at most 2,000 characters. */
  position: string;
  mode: LiveMode;
  /** Where events are no whole states: a newer one of the same key replaces one that still waits for a slow reader. */
  key?: string;
  /** Whoever is told of it must not read older answers from a cache; default true. */
  settles?: boolean;
  /** Not all that was missed is told: this event carries the present state. */
  gap?: GapReason;
}): LiveEvent<T> {
  return new LiveEvent(value, { ...note, settles });
}

/** A sign without data for whoever resumes: nothing up to `position` is still to come. */
export function mark(note: MarkNote): LiveMark {
  return new LiveMark(note);
}

/** The position after which the present subscription goes on; null when it begins now. */
export function resumePosition(): string | null {
  return currentRequest()?.resumesAt ?? null;
}

/** A position that counts within an epoch, written as `<epoch>.<number>` and whatever else follows. */
export type Position = { epoch: string; number: number };

/** Reads such a position; null for what is none. */
export function readPosition(text: string): Position | null {
  const [, epoch, digits] = /^([\w-]{1,64})\.(\d{1,15})(?:\.|$)/.exec(text) ?? [];
  return epoch === undefined ? null : { epoch, number: Number(digits) };
}
