/** A mean, and how far the true one may be from it. */
export type MeanInterval = {
  readonly count: number;
  readonly mean: number;
  /** Half the width of the 95 % confidence interval; null for a single value. */
  readonly margin: number | null;
};

/** By Student's t distribution. An empty list has the mean NaN. */
export function meanInterval(values: readonly number[]): MeanInterval {
  const count = values.length;
  const mean = meanOf(values);
  if (count < 2) return { count, mean, margin: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = Math.sqrt(squares / (count - 1) / count);
  return { count, mean, margin: studentQuantile(count - 1) * standardError };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054;
/** That of Student's t distribution with 1, 2 and 3 degrees of freedom, where the expansion is coarse. */
const FEW_DEGREES = [12.706205, 4.302653, 3.182446];

/** The 97.5 % quantile of Student's t distribution: expansion 26.7.5 of Abramowitz and Stegun. */
export function studentQuantile(degrees: number): number {
  const known = FEW_DEGREES[degrees - 1];
  if (known !== undefined) return known;
  const terms = [
    Z,
    (Z ** 3 + Z) / 4,
    (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96,
    (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384,
    (79 * Z ** 9 + 776 * Z ** 7 + 1482 * Z ** 5 - 1920 * Z ** 3 - 945 * Z) / 92160,
  ];
  return terms.reduce((sum, term, power) => sum + term / degrees ** power, 0);
}
