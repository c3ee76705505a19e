import { badInput } from '@quantumroute/ops/failures';

import type { Period } from '../figures/period.ts';
import { daysIn } from '../figures/period.ts';

const MAX_DAYS = 93;

/** Refuses a period that ends before it starts, or that is too long to be answered at once. */
export function checkPeriod(period: Period): Period {
  const days = daysIn(period);
  if (days < 1) throw badInput(['period', 'to'], 'The period ends before it starts');
  if (days > MAX_DAYS) {
    throw badInput(['period', 'to'], `A period has at most ${MAX_DAYS} days, got ${days}`);
  }
  return period;
}
