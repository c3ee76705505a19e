import type { Money } from './schema-types.ts';

/** An amount from the database, such as `0.2500`, with the decimals it needs, at least two. */
export function moneyOf(decimal: string, currency: string): Money {
  const [whole = '0', fraction = ''] = decimal.split('.');
  const decimals = fraction.replace(/0+$/, '').padEnd(2, '0');
  return { amount: `${whole}.${decimals}`, currency };
}
