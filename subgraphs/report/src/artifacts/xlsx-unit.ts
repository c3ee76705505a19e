import type { KpiUnit } from '../resolvers/schema-types.ts';
import type { FileSettings } from './file-settings.ts';
import { shownUnit } from './shown-unit.ts';

/** How a sheet shows numbers of a unit; the symbol stands in the heading. */
export type XlsxUnit = {
  readonly factor: number;
  readonly format: string;
  readonly symbol: string | null;
};

export function xlsxUnit(unit: KpiUnit, settings: FileSettings): XlsxUnit {
  if (unit === 'RATIO') return { factor: 1, format: '0.0%', symbol: null };
  // Excel cannot show a negative time of day, and being early is one.
  if (unit === 'SECONDS') return { factor: 1 / 60, format: '#,##0.0', symbol: 'min' };
  const { factor, digits, symbol } = shownUnit(unit, settings);
  const decimals = digits === 0 ? '' : `.${'0'.repeat(digits)}`;
  return { factor, format: `#,##0${decimals}`, symbol };
}
