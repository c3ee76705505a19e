import type { Period } from '../figures/period.ts';
import type { SchedulePeriod } from '../storage/schedule-entity.ts';

/** The days that a report is about when its schedule occurs on `day`, all `YYYY-MM-DD`. */
export function relativePeriod(period: SchedulePeriod, day: string): Period {
  switch (period) {
    case 'PREVIOUS_DAY':
      return { from: daysBefore(day, 1), to: daysBefore(day, 1) };
    case 'PREVIOUS_WEEK': {
      const monday = daysBefore(day, daysSinceMonday(day) + 7);
      return { from: monday, to: daysBefore(monday, -6) };
    }
    case 'PREVIOUS_MONTH': {
      const last = daysBefore(firstOfMonth(day), 1);
      return { from: firstOfMonth(last), to: last };
    }
    case 'MONTH_TO_DATE':
      return { from: firstOfMonth(day), to: day };
  }
}

function firstOfMonth(day: string): string {
  return `${day.slice(0, 8)}01`;
}

function daysSinceMonday(day: string): number {
  return (new Date(day).getUTCDay() + 6) % 7;
}

function daysBefore(day: string, count: number): string {
  return new Date(Date.parse(day) - count * 86_400_000).toISOString().slice(0, 10);
}
