import type { Random } from './random.ts';

/** A UUIDv7 of an instant (whole milliseconds) whose random bits come from `random`. */
export function sortableId(random: Random, instant: number): string {
  const time = instant.toString(16).padStart(12, '0');
  const variant = VARIANTS[Math.floor(random.next() * 4)];
  return (
    `${time.slice(0, 8)}-${time.slice(8)}-7${threeDigits(random)}-` +
    `${variant}${threeDigits(random)}-${fourDigits(random)}${hex(random, 8)}`
  );
}

/** So many hexadecimal digits, a multiple of four. */
export function hex(random: Random, digits: number): string {
  let text = '';
  for (let count = 0; count < digits; count += 4) text += fourDigits(random);
  return text;
}

const VARIANTS = '89ab';

// Millions of ids are made: looking digits up is several times faster than printing them.
const FOUR_DIGITS = Array.from({ length: 65_536 }, (_, value) =>
  value.toString(16).padStart(4, '0'),
);

function fourDigits(random: Random): string {
  return FOUR_DIGITS[Math.floor(random.next() * 65_536)] ?? '0000';
}

function threeDigits(random: Random): string {
  return fourDigits(random).slice(1);
}
