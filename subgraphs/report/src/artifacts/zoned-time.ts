const MS_PER_MINUTE = 60_000;
/** Zones change their offset at full quarters of an hour. */
const MS_PER_QUARTER = 15 * MS_PER_MINUTE;
/** A year of quarters; reports rarely see more, and then start over. */
const MAX_KNOWN = 35_000;

export type ZonedTime = {
  /** Minutes that the zone is ahead of UTC at an instant. */
  offsetMinutes(epochMs: number): number;
  /** Such as `2026-11-02T09:30:00+01:00`. */
  iso(epochMs: number): string;
};

/** The clock of a zone, for millions of instants: the calendar is asked once per quarter of an hour. */
export function createZonedTime(timeZone: string): ZonedTime {
  const known = new Map<number, number>();
  const clock = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const offsetMinutes = (epochMs: number) => {
    const quarter = Math.floor(epochMs / MS_PER_QUARTER);
    const found = known.get(quarter);
    if (found !== undefined) return found;
    if (known.size === MAX_KNOWN) known.clear();
    const offset = readOffset(clock, quarter * MS_PER_QUARTER);
    known.set(quarter, offset);
    return offset;
  };
  return {
    offsetMinutes,
    iso: (epochMs) => {
      const offset = offsetMinutes(epochMs);
      const local = new Date(epochMs + offset * MS_PER_MINUTE).toISOString().slice(0, 19);
      return `${local}${offsetText(offset)}`;
    },
  };
}

/** From `GMT+01:00`, or `GMT` alone. */
function readOffset(clock: Intl.DateTimeFormat, epochMs: number): number {
  const name = clock.formatToParts(epochMs).find(({ type }) => type === 'timeZoneName')?.value;
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name ?? '') ?? [];
  if (hours === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function offsetText(minutes: number): string {
  if (minutes === 0) return 'Z';
  const two = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
