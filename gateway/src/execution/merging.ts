import { emptyNode, isFree, isNode } from './answer-node.ts';
import type { AnswerNode, AnswerValue, Slot } from './answer-node.ts';

/** Another copy of a value, for an object of its own. */
export function copyOf(value: AnswerValue | undefined): AnswerValue | undefined {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isNode(value)) return value;
  const copy = emptyNode(value.t);
  for (const slot of slotsIn(value)) copy[slot] = copyOf(value[slot]);
  return copy;
}

/**
 * What two fetches told of one field, put together. The first value counts; objects are completed
 * field by field, and lists item by item if they have as many.
 */
export function merged(
  known: AnswerValue | undefined,
  more: AnswerValue | undefined,
): AnswerValue | undefined {
  if (known === undefined) return more;
  if (isFree(known)) return more ?? known;
  if (known === more) return known;
  if (Array.isArray(known)) {
    if (!Array.isArray(more) || known.length !== more.length) return known;
    return known.map((item, index) => merged(item, more[index]));
  }
  if (!isNode(known) || !isNode(more)) return known;
  known.t ??= more.t;
  for (const slot of slotsIn(more)) known[slot] = merged(known[slot], more[slot]);
  return known;
}

function slotsIn(node: AnswerNode): Slot[] {
  return Object.keys(node).filter((name): name is Slot => name.startsWith('$'));
}

/** Notes that objects stand at several places: they are written once then. */
export function share(value: AnswerValue | undefined): void {
  if (Array.isArray(value)) value.forEach(share);
  else if (isNode(value)) value.isShared = true;
}
