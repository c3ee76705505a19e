import { isFree } from './answer-node.ts';
import type { AnswerNode, FAILED, GONE, Slot } from './answer-node.ts';
import type { FetchSelection } from './fetch-selection.ts';
import type { GeneratedCode } from './generated-code.ts';
import { copyOf, merged, share } from './merging.ts';
import { isAbstractName } from './schemas.ts';
import type { Schemas } from './schemas.ts';
import type { SlotSpace } from './slots.ts';

/** Puts what a fetch brought where it belongs. */
export type Fill = {
  /** `isShared`: the same object is put into others too. */
  fill(target: AnswerNode, brought: AnswerNode, isShared: boolean): void;
  /** Fills the slots that are still empty. */
  leave(target: AnswerNode, value: typeof FAILED | typeof GONE): void;
};

/**
 * Generates a `Fill` for one place. Objects that only this fetch brings may be shared by all who
 * refer to the same entity; others are copied first, since another fetch will add to them.
 */
export function generateFill(
  selection: FetchSelection,
  { space, schemas, code }: { space: SlotSpace; schemas: Schemas; code: GeneratedCode },
): string {
  const slots = new Map<Slot, 'leaf' | 'objects' | 'merged objects'>();
  for (const { slot, selection: inner } of selection.fields) {
    if (slot === null) continue;
    const objects = space.hasManySources(slot) ? 'merged objects' : 'objects';
    slots.set(slot, inner === null ? 'leaf' : objects);
  }
  const isAbstract = code.constant((name: string) => isAbstractName(schemas, name));
  const fills = [...slots].map(([slot, kind]) =>
    kind === 'merged objects' ? mergeSlot(slot, code) : setSlot(slot, kind, code),
  );
  const leaves = [...slots.keys()].map((slot) => `if (o.${slot} === undefined) o.${slot} = value;`);
  const name = `fill${code.next()}`;
  code.add(`const ${name} = {
    fill(o, e, isShared) { let v;
      if (e.t !== undefined && o.t !== e.t && (o.t === undefined || ${isAbstract}(o.t))) o.t = e.t;
      ${fills.join('\n')} },
    leave(o, value) { ${leaves.join(' ')} } };`);
  return name;
}

function setSlot(slot: Slot, kind: 'leaf' | 'objects', code: GeneratedCode): string {
  const sharing = kind === 'objects' ? `if (isShared) ${code.constant(share)}(v);` : '';
  const free = `${code.constant(isFree)}(o.${slot})`;
  return `v = e.${slot}; if (v !== undefined && ${free}) { o.${slot} = v; ${sharing} }`;
}

function mergeSlot(slot: Slot, code: GeneratedCode): string {
  const [merge, copy] = [code.constant(merged), code.constant(copyOf)];
  return `v = e.${slot}; if (v !== undefined) o.${slot} = ${merge}(o.${slot}, isShared ? ${copy}(v) : v);`;
}
