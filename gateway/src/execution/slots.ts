import type { Slot } from './answer-node.ts';
import { nameIn } from './generated-code.ts';

/**
 * What is known of one place of the answer before code is generated: from how many fetches the
 * objects of each field are put together.
 */
export type SlotSpace = {
  /** The place within the objects of a slot. */
  within(slot: Slot): SlotSpace;
  /** Notes that a fetch brings objects for this slot. */
  addSource(slot: Slot, fetch: number): void;
  hasManySources(slot: Slot): boolean;
  /** Notes that a fetch asks for this slot, of objects of these types; null: of every object. */
  addTypes(slot: Slot, types: ReadonlySet<string> | null): void;
  /** Whether any fetch asks for this slot of objects of a type. */
  isAskedOf(slot: Slot, typeName: string): boolean;
};

/** A place of which nothing is known yet. */
export function slotSpace(): SlotSpace {
  const inner = new Map<Slot, SlotSpace>();
  const sources = new Map<Slot, Set<number>>();
  const asked = new Map<Slot, (ReadonlySet<string> | null)[]>();
  return {
    within(slot) {
      const space = inner.get(slot) ?? slotSpace();
      inner.set(slot, space);
      return space;
    },
    addSource(slot, fetch) {
      sources.set(slot, (sources.get(slot) ?? new Set()).add(fetch));
    },
    hasManySources: (slot) => (sources.get(slot)?.size ?? 0) > 1,
    addTypes(slot, types) {
      asked.set(slot, [...(asked.get(slot) ?? []), types]);
    },
    isAskedOf: (slot, typeName) =>
      (asked.get(slot) ?? []).some((types) => types === null || types.has(typeName)),
  };
}

/**
 * The slot of a field, by the key that it has between planner, subgraphs and answer. Slots become
 * part of code: throws for what is no name.
 */
export function slotOf(internalName: string): Slot {
  return `$${nameIn(internalName)}`;
}
