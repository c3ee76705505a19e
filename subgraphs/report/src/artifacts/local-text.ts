import type { Cells, ReportColumn } from '../figures/column.ts';
import type { KpiUnit } from '../resolvers/schema-types.ts';
import type { FileSettings } from './file-settings.ts';
import { shownUnit } from './shown-unit.ts';

/** Writes values as people of the file's locale read them; words stay English. */
export type LocalText = {
  /** Standing alone, with its unit. */
  total(value: number | null, unit: KpiUnit): string;
  /** Below a heading that carries `unitLabel`. */
  cell(value: Cells[string] | undefined, column: ReportColumn): string;
  /** What a heading has to say about the unit; null when the cells tell it themselves. */
  unitLabel(unit: KpiUnit | null): string | null;
  decimal(value: number, digits: number): string;
  /** `YYYY-MM-DD`, a calendar day of no zone. */
  day(text: string): string;
  /** In the zone of the file. */
  instant(at: Date): string;
  /** Short name of the zone at an instant, such as `CET`. */
  zoneName(at: Date): string;
};

const NONE = '–';

export function createLocalText(settings: FileSettings): LocalText {
  const { locale, timeZone } = settings;
  const numbers = createNumbers(locale);
  const days = new Intl.DateTimeFormat(locale, {
    ...CALENDAR,
    dateStyle: 'medium',
    timeZone: 'UTC',
  });
  const instants = new Intl.DateTimeFormat(locale, {
    ...CALENDAR,
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone,
  });
  const zone = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'short' });
  const day = (text: string) => days.format(Date.parse(text));
  const instant = (at: Date) => instants.format(at);
  const inUnit = (value: number, unit: KpiUnit) => {
    if (unit === 'RATIO') return numbers.percent(value);
    if (unit === 'SECONDS') return duration(value, numbers.decimal);
    const { factor, digits } = shownUnit(unit, settings);
    return numbers.decimal(value * factor, digits);
  };
  const unitLabel = (unit: KpiUnit | null) =>
    unit === null || unit === 'SECONDS' ? null : shownUnit(unit, settings).symbol;
  return {
    day,
    instant,
    unitLabel,
    decimal: numbers.decimal,
    zoneName: (at) =>
      zone.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone,
    total: (value, unit) => {
      if (value === null) return NONE;
      const label = unitLabel(unit);
      return label === null ? inUnit(value, unit) : `${inUnit(value, unit)} ${label}`;
    },
    cell: (value, { unit, type }) => {
      if (value === null || value === undefined) return NONE;
      if (typeof value === 'number' && unit !== null) return inUnit(value, unit);
      if (type === 'DAY') return day(String(value));
      return type === 'INSTANT' ? instant(new Date(String(value))) : String(value);
    },
  };
}

/** A report of November 2026 is one of November 2026 to everybody. */
const CALENDAR = { calendar: 'gregory', numberingSystem: 'latn' } as const;

/** What is rounded to nothing is neither more nor less. */
const SIGN = { signDisplay: 'negative' } as const;

/** Formatters are dear to make: one per number of decimals. */
function createNumbers(locale: string) {
  const made = new Map<number, Intl.NumberFormat>();
  const percents = new Intl.NumberFormat(locale, {
    numberingSystem: 'latn',
    ...SIGN,
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  return {
    percent: (value: number) => percents.format(value),
    decimal: (value: number, digits: number) => {
      const format = made.get(digits) ?? decimalFormat(locale, digits);
      made.set(digits, format);
      return format.format(value);
    },
  };
}

function decimalFormat(locale: string, digits: number): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, {
    numberingSystem: 'latn',
    ...SIGN,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** `45 s`, `4 min 30 s`, `12 h 05 min`. */
function duration(seconds: number, decimal: (value: number, digits: number) => string): string {
  const whole = Math.round(Math.abs(seconds));
  const sign = seconds < 0 && whole > 0 ? '−' : '';
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) return `${sign}${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${sign}${minutes} min ${two(whole % 60)} s`;
  return `${sign}${decimal(Math.floor(minutes / 60), 0)} h ${two(minutes % 60)} min`;
}
