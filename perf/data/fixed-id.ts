// 2026-01-05T00:00:00Z: before everything that the generators make, so fixed rows sort first.
const FIXED_AT = Date.UTC(2026, 0, 5);

const KINDS = {
  organization: 0x001,
  partner: 0x002,
  apiKey: 0x003,
  user: 0x004,
  depot: 0x005,
  vehicle: 0x006,
  driver: 0x007,
} as const;

/** A UUIDv7 that is the same on every machine: the `number`-th object of a kind. */
export function fixedId(kind: keyof typeof KINDS, number: number): string {
  const time = FIXED_AT.toString(16).padStart(12, '0');
  const kindHex = KINDS[kind].toString(16).padStart(3, '0');
  const numberHex = number.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${kindHex}-8000-${numberHex}`;
}
