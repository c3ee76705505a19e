import { TypeID } from 'typeid-js';
import { v7 } from 'uuid';

/** Prefix of every kind of object that has an id of its own. */
export const ID_PREFIXES = {
  organization: 'org',
  partner: 'par',
  depot: 'dep',
  vehicle: 'veh',
  driver: 'drv',
  shift: 'shf',
  order: 'ord',
  stop: 'stp',
  route: 'rte',
  plan: 'pln',
  run: 'run',
  experiment: 'exp',
  report: 'rep',
  schedule: 'sch',
  trackingEvent: 'evt',
  alert: 'alr',
} as const;

/** Kind of object that an id names. */
export type IdType = keyof typeof ID_PREFIXES;

const UUID_PATTERN = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
// 128 bits in 26 characters of 5 bits: the first one carries 3 bits only.
const SUFFIX_PATTERN = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** A new UUIDv7 in lower case; ids made later sort later. */
export function newId(): string {
  return v7();
}

/** True for a UUID of any version in the spelling that PostgreSQL prints. */
export function isUuid(value: string): boolean {
  return UUID_PATTERN.test(value);
}

/** The id that clients see, such as `veh_01jd…`; throws a TypeError unless `uuid` is a lower-case UUID. */
export function encodeId(type: IdType, uuid: string): string {
  if (!isUuid(uuid))
    throw new TypeError(`encodeId needs a lower-case UUID, got ${JSON.stringify(uuid)}`);
  return TypeID.fromUUID(ID_PREFIXES[type], uuid).toString();
}

/** The UUID inside a client's id; null when it is malformed or names another type of object. */
export function decodeId(type: IdType, id: string): string | null {
  const prefix = `${ID_PREFIXES[type]}_`;
  if (!id.startsWith(prefix)) return null;
  const suffix = id.slice(prefix.length);
  if (!SUFFIX_PATTERN.test(suffix)) return null;
  return new TypeID(ID_PREFIXES[type], suffix).toUUID();
}

/** The type and UUID of an id of any type, for `union` and `node` look-ups; null when it is malformed. */
export function parseId(id: string): { type: IdType; uuid: string } | null {
  for (const type of Object.keys(ID_PREFIXES) as IdType[]) {
    const uuid = decodeId(type, id);
    if (uuid !== null) return { type, uuid };
  }
  return null;
}
