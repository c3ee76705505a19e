/**
 * What leaving out an order costs, by order. The least important one costs `base`; each priority in
 * use above it costs so many times more that one order outweighs all less important ones together,
 * as long as the numbers stay small enough to still tell a metre from none beside them.
 */
export function orderPenalties(priorities: readonly number[], base: number): Float64Array {
  const levels = [...new Set(priorities)].toSorted((a, b) => a - b);
  const ratio = Math.min(
    priorities.length + 1,
    LARGEST_RANGE ** (1 / Math.max(1, levels.length - 1)),
  );
  const penaltyOf = new Map(levels.map((level, rank) => [level, base * ratio ** rank]));
  return Float64Array.from(priorities, (priority) => penaltyOf.get(priority)!);
}

/** Between the least and the most important order. */
const LARGEST_RANGE = 1e9;
