import type { LocalText } from './local-text.ts';
import type { Total } from './summary.ts';

/** ` (1,950 ÷ 2,000)` behind the definition of a ratio, nothing behind another. */
export function partsText({ unit, numerator, denominator }: Total, texts: LocalText): string {
  if (unit !== 'RATIO' || numerator === null || denominator === null) return '';
  return ` (${texts.decimal(numerator, 0)} ÷ ${texts.decimal(denominator, 0)})`;
}
