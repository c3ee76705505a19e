import type { Random } from './random.ts';

/** A UUIDv7 of an instant (milliseconds) whose random bits come from `random`. */
export function sortableId(random: Random, instant: number): string {
  const time = instant.toString(16).padStart(12, '0');
  const words = [hex(random, 3), hex(random, 4), hex(random, 6), hex(random, 6)] as const;
  const variant = ((Number.parseInt(words[1].slice(0, 1), 16) & 3) | 8).toString(16);
  return (
    `${time.slice(0, 8)}-${time.slice(8)}-7${words[0]}-` +
    `${variant}${words[1].slice(1)}-${words[2]}${words[3]}`
  );
}

/** So many hexadecimal digits, at most 8. */
export function hex(random: Random, digits: number): string {
  return Math.floor(random.next() * 16 ** digits)
    .toString(16)
    .padStart(digits, '0');
}
