import type { KpiUnit } from '../resolvers/schema-types.ts';
import type { FileSettings } from './file-settings.ts';

/** How numbers of a unit are shown: multiplied, with so many decimals and a symbol behind them. */
export type ShownUnit = {
  readonly factor: number;
  readonly digits: number;
  /** Null where the number says it all. */
  readonly symbol: string | null;
};

const KM_PER_MILE = 1.609344;
const GRAMS_PER_POUND = 453.59237;
/** Tonne-kilometers per short-ton-mile. */
const TONNE_KM_PER_TON_MILE = 0.90718474 * KM_PER_MILE;

/** The unit that a reader sees for a unit of ours. */
export function shownUnit(
  unit: KpiUnit,
  { unitSystem, currency }: Pick<FileSettings, 'unitSystem' | 'currency'>,
): ShownUnit {
  const isMetric = unitSystem === 'METRIC';
  switch (unit) {
    case 'RATIO':
      return { factor: 1, digits: 3, symbol: null };
    case 'METERS':
      return isMetric
        ? { factor: 0.001, digits: 1, symbol: 'km' }
        : { factor: 0.001 / KM_PER_MILE, digits: 1, symbol: 'mi' };
    case 'SECONDS':
      return { factor: 1, digits: 0, symbol: 's' };
    case 'GRAMS':
      return isMetric
        ? { factor: 0.001, digits: 1, symbol: 'kg' }
        : { factor: 1 / GRAMS_PER_POUND, digits: 1, symbol: 'lb' };
    case 'TONNE_KM':
      return isMetric
        ? { factor: 1, digits: 1, symbol: 'tkm' }
        : { factor: 1 / TONNE_KM_PER_TON_MILE, digits: 1, symbol: 'ton-mi' };
    case 'GRAMS_PER_TONNE_KM':
      return isMetric
        ? { factor: 1, digits: 1, symbol: 'g/tkm' }
        : { factor: TONNE_KM_PER_TON_MILE, digits: 1, symbol: 'g/ton-mi' };
    case 'MONEY':
      return { factor: 1, digits: 2, symbol: currency };
    case 'MONEY_PER_KM':
      return isMetric
        ? { factor: 1, digits: 2, symbol: `${currency}/km` }
        : { factor: KM_PER_MILE, digits: 2, symbol: `${currency}/mi` };
    case 'PER_HOUR':
      return { factor: 1, digits: 1, symbol: '/h' };
    case 'COUNT':
      return { factor: 1, digits: 0, symbol: null };
  }
}

/** A title that names kilometers, for readers who get miles. */
export function shownTitle(
  title: string,
  { unitSystem }: Pick<FileSettings, 'unitSystem'>,
): string {
  return unitSystem === 'METRIC' ? title : title.replace(/\bper km\b/, 'per mile');
}
