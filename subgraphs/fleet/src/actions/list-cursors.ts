import { badInput } from '@quantumroute/ops/failures';
import type { CursorPart } from '@quantumroute/schema/cursor';
import { decodeCursor, encodeCursor } from '@quantumroute/schema/cursor';
import { isUuid } from '@quantumroute/schema/ids';
import type { NameKey, TimeKey } from '../storage/keyset.ts';

// A cursor says which list it is of, so that it is refused by the others.
type ListName = 'depots' | 'vehicles' | 'drivers' | 'shifts' | 'positions';

// PostgreSQL and JavaScript spell the years before 1 and after 9999 differently.
const EARLIEST_MS = Date.parse('0001-01-01T00:00:00Z');
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

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
  return (
    typeof milliseconds === 'number' && milliseconds >= EARLIEST_MS && milliseconds <= LATEST_MS
  );
}

function partsOf(list: ListName, after: string): CursorPart[] {
  const [name, ...parts] = decodeCursor(after) ?? [];
  if (name === list && parts.length === 2) return parts;
  throw notOurs();
}

function notOurs() {
  return badInput(['after'], 'after needs the endCursor of a page of this list');
}
