/** The locale as Vega wants it: separators, and the names of months and days. */
export function chartLocale(locale: string): { number: object; time: object } {
  return { number: numbersOf(locale), time: timeOf(locale) };
}

function numbersOf(locale: string): object {
  const parts = new Intl.NumberFormat(locale, {
    numberingSystem: 'latn',
    minimumFractionDigits: 1,
    useGrouping: true,
  }).formatToParts(-1_234_567.5);
  const symbol = (wanted: string, fallback: string) =>
    parts.find(({ type }) => type === wanted)?.value ?? fallback;
  return {
    decimal: symbol('decimal', '.'),
    thousands: symbol('group', ''),
    minus: symbol('minusSign', '−'),
    grouping: [3],
    currency: ['', ''],
  };
}

function timeOf(locale: string): object {
  const names = (part: Intl.DateTimeFormatOptions, dates: readonly Date[]) => {
    const format = new Intl.DateTimeFormat(locale, {
      calendar: 'gregory',
      timeZone: 'UTC',
      ...part,
    });
    return dates.map((date) => format.format(date));
  };
  // 1 November 2026 is a Sunday.
  const days = Array.from({ length: 7 }, (_, day) => new Date(Date.UTC(2026, 10, 1 + day)));
  const months = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2026, month, 1)));
  return {
    dateTime: '%x %X',
    date: '%Y-%m-%d',
    time: '%H:%M',
    periods: ['AM', 'PM'],
    days: names({ weekday: 'long' }, days),
    shortDays: names({ weekday: 'short' }, days),
    months: names({ month: 'long' }, months),
    shortMonths: names({ month: 'short' }, months),
  };
}
