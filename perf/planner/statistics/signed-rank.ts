/**
 * Wilcoxon's signed-rank test (1945): how likely differences as one-sided as these are, or more so,
 * when neither side is the better one. Two-sided and exact, also with ties; zeros are left out, and
 * without anything else it is 1.
 */
export function signedRankProbability(differences: readonly number[]): number {
  const doubledRanks = doubledRanksOf(differences.filter((difference) => difference !== 0));
  const sum = doubledRanks.reduce((total, { rank }) => total + rank, 0);
  const positive = doubledRanks.reduce(
    (total, { rank, isPositive }) => total + (isPositive ? rank : 0),
    0,
  );
  const atMost = Math.min(positive, sum - positive);
  const chances = distribution(doubledRanks.map(({ rank }) => rank));
  const tail = chances.slice(0, atMost + 1).reduce((total, chance) => total + chance, 0);
  return Math.min(1, 2 * tail);
}

/** Twice the rank of each absolute value, which is whole although ties share a mean rank. */
function doubledRanksOf(differences: readonly number[]) {
  const sizes = differences.map(Math.abs).sort((a, b) => a - b);
  return differences.map((difference) => {
    const first = sizes.indexOf(Math.abs(difference)) + 1;
    const last = sizes.lastIndexOf(Math.abs(difference)) + 1;
    return { rank: first + last, isPositive: difference > 0 };
  });
}

/** The chance of each sum, from 0 up, when each rank is in the sum with a chance of one half. */
function distribution(ranks: readonly number[]): Float64Array {
  const chances = new Float64Array(ranks.reduce((sum, rank) => sum + rank, 1));
  chances[0] = 1;
  let largest = 0;
  for (const rank of ranks) {
    largest += rank;
    for (let sum = largest; sum >= 0; sum--) {
      chances[sum] = ((chances[sum] ?? 0) + (chances[sum - rank] ?? 0)) / 2;
    }
  }
  return chances;
}
