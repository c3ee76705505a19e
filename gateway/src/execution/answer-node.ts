/**
 * An object of an answer while it is put together. Each field has a slot whose name is `$` and its
 * response key; a field that the client did not ask for may get a number behind it (see slots.ts).
 */
export type AnswerNode = {
  /** Its `__typename`, where a subgraph told it. */
  t: string | undefined;
  /** Who has seen it last: see `targets.ts`. */
  seenBy: number;
  /** Whether it stands at several places of the answer. */
  isShared: boolean;
  /** The function that wrote it last, and what that wrote. */
  writtenBy: number;
  written: string;
  [slot: `$${string}`]: AnswerValue | undefined;
};

/**
 * A leaf is its JSON text (as bytes: see byte-text.ts), and so is a list of leaves in which nothing is amiss. No value at all:
 * no fetch brought the field.
 */
export type AnswerValue =
  | string
  | null
  | typeof FAILED
  | typeof INVALID
  | typeof GONE
  | AnswerNode
  | AnswerList;
export type AnswerList = (AnswerValue | undefined)[];
export type Slot = `$${string}`;

/** There is no value, and an error tells why. */
export const FAILED = false;
/** There is a value, but not one of the field's type. */
export const INVALID = true;
/** Null, since there is no such entity: nothing can be asked by it, as by a null of its own. */
export const GONE = 0;

/** An object without any field yet. */
export function emptyNode(t?: string): AnswerNode {
  return { t, seenBy: 0, isShared: false, writtenBy: 0, written: '' };
}

/** Whether a later fetch may put its value here. */
export function isFree(value: AnswerValue | undefined): value is undefined | null | false | 0 {
  return value === undefined || value === null || value === FAILED || value === GONE;
}

/** Whether it is an object of the answer, rather than a leaf, a list or none. */
export function isNode(value: AnswerValue | undefined): value is AnswerNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
