import { isNode } from './answer-node.ts';
import type { AnswerNode, AnswerValue, Slot } from './answer-node.ts';
import type { GeneratedCode } from './generated-code.ts';
import type { Run } from './run.ts';
import { slotOf } from './slots.ts';
import type { SlotSpace } from './slots.ts';

/** A place of the answer: the way to its objects. */
export type Place = {
  /** As the planner tells it: internal names, and `@` for every item of a list. */
  path: readonly string[];
  space: SlotSpace;
  /** Generates a `Visit`; gives the name of its function. */
  generateVisit(code: GeneratedCode): string;
  /** These objects with their paths: more than one for an object that stands at several. */
  pathsIn(root: AnswerNode): [AnswerNode, (string | number)[]][];
};

/** Calls `visit` once for each object of a place, in the order of the answer. */
export type Visit = (run: Run, visit: (node: AnswerNode) => void) => void;

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
    generateVisit: (code) => generateVisit(steps, code),
    pathsIn(node) {
      const paths: [AnswerNode, (string | number)[]][] = [];
      walk(node, { steps, from: 0, path: [], paths });
      return paths;
    },
  };
}

/**
 * One loop within the other. An object that stands at several places is opened once at each level of
 * the way: whatever is below it was seen then. Each level marks with a stamp of its own.
 */
function generateVisit(steps: readonly Step[], code: GeneratedCode): string {
  const name = `visit${code.next()}`;
  const body = generateWay(steps, 0);
  code.add(`function ${name}(run, visit) { const m = run.stamp; run.stamp += ${steps.length + 1};
    const v0 = run.root; ${body} }`);
  return name;
}

function generateWay(steps: readonly Step[], from: number): string {
  const [here, next, mark] = [`v${from}`, `v${from + 1}`, `m + ${from + 1}`];
  const step = steps[from];
  if (step?.kind === 'items') {
    return `if (Array.isArray(${here})) for (let i${from} = 0; i${from} < ${here}.length; i${from} += 1) {
      const ${next} = ${here}[i${from}]; ${generateWay(steps, from + 1)} }`;
  }
  const isNode = `typeof ${here} === 'object' && ${here} !== null && !Array.isArray(${here})`;
  const isNew = `${here}.seenBy !== ${mark}`;
  const inside = step
    ? `const ${next} = ${here}.${step.slot}; ${generateWay(steps, from + 1)}`
    : `visit(${here});`;
  return `if (${isNode} && ${isNew}) { ${here}.seenBy = ${mark}; ${inside} }`;
}

type Step = { kind: 'items' } | { kind: 'field'; key: string; slot: Slot };
type Walk = {
  steps: readonly Step[];
  from: number;
  path: (string | number)[];
  paths: [AnswerNode, (string | number)[]][];
};

function walk(value: AnswerValue | undefined, way: Walk): void {
  const { steps, from, path, paths } = way;
  const step = steps[from];
  if (!step) {
    if (isNode(value)) paths.push([value, [...path]]);
    return;
  }
  const next = from + 1;
  if (step.kind === 'items') {
    if (!Array.isArray(value)) return;
    for (const [index, item] of value.entries()) {
      path.push(index);
      walk(item, { ...way, from: next });
      path.pop();
    }
    return;
  }
  if (!isNode(value)) return;
  path.push(step.key);
  walk(value[step.slot], { ...way, from: next });
  path.pop();
}
