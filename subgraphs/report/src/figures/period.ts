/** Calendar days `YYYY-MM-DD`, both included. */
export type Period = { readonly from: string; readonly to: string };

export type Comparison = 'NONE' | 'PREVIOUS_PERIOD' | 'SAME_PERIOD_LAST_YEAR';

const MILLISECONDS_PER_DAY = 86_400_000;

/** Number of days of a period; 0 or less when it ends before it starts. */
export function daysIn({ from, to }: Period): number {
  return (Date.parse(to) - Date.parse(from)) / MILLISECONDS_PER_DAY + 1;
}

/** The period to compare with; null when there is nothing to compare with. */
export function comparedPeriod(period: Period, comparison: Comparison | undefined): Period | null {
  switch (comparison) {
    case undefined:
    case 'NONE':
      return null;
    case 'PREVIOUS_PERIOD': {
      const days = daysIn(period);
      return within({ from: addDays(period.from, -days), to: addDays(period.from, -1) });
    }
    case 'SAME_PERIOD_LAST_YEAR':
      return within({ from: yearBefore(period.from), to: yearBefore(period.to) });
  }
}

/** The calendar has no year before 1 for us. */
function within(period: Period): Period | null {
  return period.from >= '0001-01-01' ? period : null;
}

function addDays(day: string, days: number): string {
  const date = new Date(Date.parse(day) + days * MILLISECONDS_PER_DAY);
  return date.getUTCFullYear() < 1 ? '0000-01-01' : date.toISOString().slice(0, 10);
}

/** 29 February becomes the 28th. */
function yearBefore(day: string): string {
  const year = String(Number(day.slice(0, 4)) - 1).padStart(4, '0');
  return `${year}${day.endsWith('-02-29') ? '-02-28' : day.slice(4)}`;
}
