import { instantAt, minutesAt } from '../calendar.ts';
import type { Day, Instant } from '../calendar.ts';
import type { Random } from '../random.ts';
import type { Window } from './order-draft.ts';

const LENGTHS = [2, 4, 4, 4] as const;

/** A window of two or four hours on the clock's grid, or none at all, for an order not planned yet. */
export function drawWindows(random: Random, day: Day, timeZone: string): Window[] {
  if (random.chance(0.35)) return [];
  const hours = random.pick(LENGTHS);
  const start = 8 + hours * random.integer(0, Math.floor(9 / hours) - 1);
  return [hoursOf(day, { start, hours }, timeZone)];
}

/**
 * The window of two or four hours that was promised for a planned arrival, or null. It starts on a
 * half hour, and the arrival lies anywhere in it.
 */
export function windowAround(
  random: Random,
  arrival: Instant,
  { day, timeZone }: { day: Day; timeZone: string },
): Window | null {
  if (random.chance(0.3)) return null;
  const hours = random.pick(LENGTHS);
  const at = minutesAt(arrival, day, timeZone) / 60;
  const start = Math.floor((at - random.between(0, hours - 0.5)) * 2) / 2;
  return hoursOf(day, { start, hours }, timeZone);
}

function hoursOf(
  day: Day,
  { start, hours }: { start: number; hours: number },
  timeZone: string,
): Window {
  return {
    start: instantAt(day, start * 60, timeZone),
    end: instantAt(day, (start + hours) * 60, timeZone),
  };
}
