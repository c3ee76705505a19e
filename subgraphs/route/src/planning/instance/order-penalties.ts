/**
 * What leaving out an order costs, by order. The least important one costs `base`; each priority in
 * use above it costs more than all orders below it together. Only differences between plans are ever
 * added up (see `Tally`), so that large numbers do no harm; where there are so many priorities that
 * doubles end, the factors between them are made smaller alike.
 */
export function orderPenalties(priorities: readonly number[], base: number): Float64Array {
  const counts = new Map<number, number>();
  for (const priority of priorities) counts.set(priority, (counts.get(priority) ?? 0) + 1);
  const levels = [...counts.keys()].toSorted((a, b) => a - b);
  // With 1 more than there are it would outweigh them by `base`, which rounding can take away.
  const logs = levels.map((level) => Math.log(counts.get(level)! + 2));
  const range = logs.slice(0, -1).reduce((sum, log) => sum + log, 0);
  const shrink = Math.min(1, LARGEST_LOG / range);
  const penaltyOf = new Map<number, number>();
  let logAbove = 0;
  for (const [rank, level] of levels.entries()) {
    penaltyOf.set(level, base * Math.exp(logAbove * shrink));
    logAbove += logs[rank]!;
  }
  return Float64Array.from(priorities, (priority) => penaltyOf.get(priority)!);
}

/** 2,000 orders on 201 levels, whole and half ones from 0 to 100, need 10^217. */
const LARGEST_LOG = Math.log(1e240);
