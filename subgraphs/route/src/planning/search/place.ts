/**
 * Where an order goes in a route, in one number: its first visit is put after `slot`, the delivery of
 * a pair after `secondSlot` (not before `slot`), both counted before anything is put in.
 */
export type Place = number;

/** Whether the vehicle reloads right before or right after the visit that is put in. */
export const NO_RELOAD = 0;
export const RELOAD_BEFORE = 1;
export const RELOAD_AFTER = 2;

export function packPlace(slot: number, secondSlot: number, reload: number): Place {
  return (slot * SLOT_RANGE + secondSlot) * RELOAD_RANGE + reload;
}

export function slotOf(place: Place): number {
  return Math.floor(place / (SLOT_RANGE * RELOAD_RANGE));
}

export function secondSlotOf(place: Place): number {
  return Math.floor(place / RELOAD_RANGE) % SLOT_RANGE;
}

export function reloadOf(place: Place): number {
  return place % RELOAD_RANGE;
}

/** More than a route with every visit and every reload has. */
const SLOT_RANGE = 8_192;
const RELOAD_RANGE = 4;
