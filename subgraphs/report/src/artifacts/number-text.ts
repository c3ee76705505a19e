import type { KpiUnit } from '../resolvers/schema-types.ts';

/** A cell as people read it: in English, with the unit where the column's title does not say it. */
export function cellText(
  value: string | number | boolean | null | undefined,
  unit: KpiUnit | null,
  currency: string,
): string {
  if (value === null || value === undefined) return '–';
  if (typeof value !== 'number' || unit === null) return String(value);
  switch (unit) {
    case 'RATIO':
      return `${decimal(value * 100, 1)} %`;
    case 'METERS':
      return `${decimal(value / 1000, 1)} km`;
    case 'SECONDS':
      return duration(value);
    case 'MONEY':
      return `${decimal(value, 2)} ${currency}`;
    case 'MONEY_PER_KM':
      return `${decimal(value, 2)} ${currency} / km`;
    case 'PER_HOUR':
      return `${decimal(value, 1)} / h`;
    case 'COUNT':
      return decimal(value, 0);
  }
}

function duration(seconds: number): string {
  if (seconds < 60) return `${decimal(seconds, 0)} s`;
  if (seconds < 3600) return `${decimal(seconds / 60, 1)} min`;
  return `${decimal(seconds / 3600, 1)} h`;
}

function decimal(value: number, digits: number): string {
  return value.toLocaleString('en-GB', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
