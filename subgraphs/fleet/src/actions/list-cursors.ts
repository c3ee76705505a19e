import { badInput } from '@quantumroute/ops/failures';
import type { CursorPart } from '@quantumroute/schema/cursor';
import { decodeCursor, encodeCursor } from '@quantumroute/schema/cursor';
import { isUuid } from '@quantumroute/schema/ids';
import type { NameKey, TimeKey } from '../storage/keyset.ts';

// A cursor says which list it is of, so that it is refused by the others.
type ListName = 'depots' | 'vehicles' | 'drivers' | 'shifts' | 'positions';

// The end of the year 9999: PostgreSQL and JavaScript spell later years differently.
const LATEST_MS = 253_402_300_799_999;

export function writeNameCursor(list: ListName, { name, id }: NameKey): string {
  return encodeCursor([list, name, id]);
}

/** Throws BAD_USER_INPUT for what `writeNameCursor` did not make for this list. */
export function readNameCursor(list: ListName, after: string | null): NameKey | null {
  if (after === null) return null;
  const [name, id] = partsOf(list, after);
  if (typeof name === 'string' && typeof id === 'string' && isUuid(id)) return { name, id };
  throw notOurs();
}

export function writeTimeCursor(list: ListName, { at, id }: TimeKey): string {
  return encodeCursor([list, at.getTime(), id]);
}

/** Throws BAD_USER_INPUT for what `writeTimeCursor` did not make for this list. */
export function readTimeCursor(list: ListName, after: string | null): TimeKey | null {
  if (after === null) return null;
  const [milliseconds, id] = partsOf(list, after);
  if (isInstant(milliseconds) && typeof id === 'string' && isUuid(id)) {
    return { at: new Date(milliseconds), id };
  }
  throw notOurs();
}

function isInstant(milliseconds: CursorPart | undefined): milliseconds is number {
  return typeof milliseconds === 'number' && Math.abs(milliseconds) <= LATEST_MS;
}

function partsOf(list: ListName, after: string): CursorPart[] {
  const [name, ...parts] = decodeCursor(after) ?? [];
  if (name === list && parts.length === 2) return parts;
  throw notOurs();
}

function notOurs() {
  return badInput(['after'], 'after needs the endCursor of a page of this list');
}
