import { RRuleTemporal } from 'rrule-temporal';

import { zonedText } from './zoned-text.ts';

/** A rule that has been read, the zone that its times are in, and its DTSTART. */
export type Recurrence = {
  readonly rrule: string;
  readonly timeZone: string;
  readonly startsAt: Date;
};

/** When a rule occurs, and the day that it is then in its zone, `YYYY-MM-DD`. */
export type Occurrence = { readonly at: Date; readonly day: string };

/**
 * The first occurrence after an instant; null when there is none any more. Throws a RangeError for a
 * rule that cannot be read, or of which no occurrence is found within a fraction of a second.
 */
export function nextOccurrence(recurrence: Recurrence, after: Date): Occurrence | null {
  try {
    const found = open(recurrence, searchLimit(recurrence.rrule)).next(after);
    return found === null ? null : occurrenceOf(found);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (!reason.startsWith('Maximum')) throw new RangeError(reason, { cause: error });
    throw new RangeError('The rule never occurs', { cause: error });
  }
}

/** The occurrences from `due`, which is one, to `now`: the latest, and how many came before it. */
export function missedOccurrences(
  recurrence: Recurrence,
  { due, now }: { due: Date; now: Date },
): { latest: Occurrence; skipped: number } {
  const from = new Date(Math.max(due.getTime(), now.getTime() - LONGEST_LOOK_BACK_MS));
  const missed = open(recurrence, MAX_MISSED).between(from, now, true);
  const last = missed.at(-1);
  const latest =
    last === undefined ? { at: due, day: dayAt(due, recurrence.timeZone) } : occurrenceOf(last);
  return { latest, skipped: Math.max(missed.length - 1, 0) };
}

/** A year of hours. What was missed before is not counted. */
const LONGEST_LOOK_BACK_MS = 366 * 86_400_000;
const MAX_MISSED = 10_000;

/** Steps of the search: one takes up to a millisecond, by frequency, and covers at least an hour. */
function searchLimit(rrule: string): number {
  if (rrule.includes('FREQ=HOURLY')) return 300;
  return rrule.includes('FREQ=DAILY') ? 4_000 : 600;
}

function open({ rrule, timeZone, startsAt }: Recurrence, maxIterations: number) {
  const start = zonedText(startsAt, timeZone).replaceAll(/[-:]/g, '').replace(' ', 'T');
  const rruleString = `DTSTART;TZID=${timeZone}:${start}\nRRULE:${rrule}`;
  return new RRuleTemporal({ rruleString, strict: true, maxIterations });
}

type Found = { readonly epochMilliseconds: number; toPlainDate(): { toString(): string } };

function occurrenceOf(found: Found): Occurrence {
  return { at: new Date(found.epochMilliseconds), day: found.toPlainDate().toString() };
}

function dayAt(instant: Date, timeZone: string): string {
  return zonedText(instant, timeZone).slice(0, 10);
}
