/** Milliseconds since 1970. */
export type Instant = number;
/** A calendar day, `YYYY-MM-DD`. */
export type Day = string;

const DAY_MS = 86_400_000;

/** The day that it is somewhere. */
export function dayAt(instant: Instant, timeZone: string): Day {
  return new Date(instant + offsetMs(instant, timeZone)).toISOString().slice(0, 10);
}

/** The day that lies so many days later; earlier when negative. */
export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Every day from the first to the last, both included. */
export function daysBetween(first: Day, last: Day): Day[] {
  const days: Day[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

/** 0 is Sunday, 6 is Saturday. */
export function weekday(day: Day): number {
  return new Date(day).getUTCDay();
}

/** The instant when clocks there show so many minutes after midnight; 1440 and more is the next day. */
export function instantAt(day: Day, minutes: number, timeZone: string): Instant {
  const asUtc = Date.parse(day) + minutes * 60_000;
  const guess = asUtc - offsetOn(day, timeZone).ms;
  return offsetOn(day, timeZone).isSteady ? guess : asUtc - offsetMs(guess, timeZone);
}

/** What clocks there show, in minutes after midnight, exact but for the hour when they change. */
export function minutesAt(instant: Instant, day: Day, timeZone: string): number {
  return (instant + offsetOn(day, timeZone).ms - Date.parse(day)) / 60_000;
}

type Offset = {
  /** At noon: clocks change at night. */
  ms: number;
  /** No change within a day of this one. */
  isSteady: boolean;
};

const offsets = new Map<string, Offset>();
const formats = new Map<string, Intl.DateTimeFormat>();

function offsetOn(day: Day, timeZone: string): Offset {
  const key = `${timeZone} ${day}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const noon = Date.parse(day) + DAY_MS / 2;
  const [before, ms, after] = [-1, 0, 1].map((days) => offsetMs(noon + days * DAY_MS, timeZone));
  const offset = { ms: ms ?? 0, isSteady: before === ms && ms === after };
  offsets.set(key, offset);
  return offset;
}

function offsetMs(instant: Instant, timeZone: string): number {
  const shown = formatOf(timeZone).format(instant);
  return Date.parse(`${shown.replace(' ', 'T')}Z`) - Math.floor(instant / 1000) * 1000;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  formats.set(timeZone, format);
  return format;
}
