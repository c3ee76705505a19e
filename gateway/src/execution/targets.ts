import { isNode } from './answer-node.ts';
import type { AnswerNode, AnswerValue, Slot } from './answer-node.ts';
import { slotOf } from './slots.ts';
import type { SlotSpace } from './slots.ts';

/** A place of the answer: the way to its objects. */
export type Place = {
  /** As the planner tells it: internal names, and `@` for every item of a list. */
  path: readonly string[];
  space: SlotSpace;
  /** Calls `visit` for each object there, in the order of the answer. */
  visit(root: AnswerNode, visit: (node: AnswerNode) => void): void;
  /** These objects with their paths: more than one for an object that stands at several. */
  pathsIn(root: AnswerNode): [AnswerNode, (string | number)[]][];
};

/** The place at a path of a plan. */
export function placeAt(path: readonly (string | number)[], root: SlotSpace): Place {
  const steps: Step[] = [];
  let space = root;
  for (const part of path) {
    // Type conditions in paths are an option of the planner that the gateway does not take.
    if (typeof part !== 'string') throw new Error(`The path ${path.join('.')} is not known`);
    if (part === '@') {
      steps.push({ kind: 'items' });
      continue;
    }
    const slot = slotOf(part);
    steps.push({ kind: 'field', key: part, slot });
    space = space.within(slot);
  }
  return {
    path: path.map(String),
    space,
    visit: (node, visit) => walk(node, { steps, from: 0, visit }),
    pathsIn(node) {
      const paths: [AnswerNode, (string | number)[]][] = [];
      const visit = (found: AnswerNode, at: readonly (string | number)[]) => {
        paths.push([found, [...at]]);
      };
      walk(node, { steps, from: 0, path: [], visit });
      return paths;
    },
  };
}

type Step = { kind: 'items' } | { kind: 'field'; key: string; slot: Slot };
type Walk = {
  steps: readonly Step[];
  from: number;
  visit: (node: AnswerNode, path: readonly (string | number)[]) => void;
  path?: (string | number)[];
};

function walk(value: AnswerValue | undefined, way: Walk): void {
  const { steps, from, visit, path } = way;
  const step = steps[from];
  if (!step) {
    if (isNode(value)) visit(value, path ?? []);
    return;
  }
  const next = from + 1;
  if (step.kind === 'items') {
    if (!Array.isArray(value)) return;
    for (const [index, item] of value.entries()) {
      path?.push(index);
      walk(item, { ...way, from: next });
      path?.pop();
    }
    return;
  }
  if (!isNode(value)) return;
  path?.push(step.key);
  walk(value[step.slot], { ...way, from: next });
  path?.pop();
}
