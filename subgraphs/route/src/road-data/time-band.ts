/** A part of the week in which the roads are about as full at any time. */
export type TimeBand = {
  /** Such as `workday-06`. */
  readonly name: string;
  /** Its middle in the week of the departure, as `2026-11-25T07:30`: what the router is asked for. */
  readonly localTime: string;
};

const BANDS = [
  { fromHour: 0, middle: '03:00' },
  { fromHour: 6, middle: '07:30' },
  { fromHour: 9, middle: '12:00' },
  { fromHour: 15, middle: '17:00' },
  { fromHour: 19, middle: '21:30' },
] as const;

const DAY_MS = 86_400_000;

/** The band of a local time, such as `2026-11-23T08:15`. Every working day is a Wednesday. */
export function timeBandOf(localTime: string): TimeBand {
  const instantMs = Date.parse(`${localTime}Z`);
  const hour = new Date(instantMs).getUTCHours();
  const band = BANDS.findLast(({ fromHour }) => hour >= fromHour) ?? BANDS[0];
  // 0 is Monday.
  const weekday = (new Date(instantMs).getUTCDay() + 6) % 7;
  const kind = weekday === 5 ? 'saturday' : weekday === 6 ? 'sunday' : 'workday';
  const day = kind === 'workday' ? instantMs + (2 - weekday) * DAY_MS : instantMs;
  return {
    name: `${kind}-${String(band.fromHour).padStart(2, '0')}`,
    localTime: `${new Date(day).toISOString().slice(0, 10)}T${band.middle}`,
  };
}

/** The local time that a clock shows `seconds` after the midnight that begins `date`. */
export function localTimeOfDay(date: string, seconds: number): string {
  return localText(Date.parse(date) + seconds * 1_000);
}

/**
 * The local time by the sun, where the time zone of a place is not known: up to two hours from what
 * clocks show there, daylight saving included.
 */
export function solarTimeAt(instantMs: number, longitude: number): string {
  return localText(instantMs + (longitude / 15) * 3_600_000);
}

function localText(localMs: number): string {
  return new Date(localMs).toISOString().slice(0, 16);
}
