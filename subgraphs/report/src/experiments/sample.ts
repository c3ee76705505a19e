/** Number, mean and unbiased variance of values; the variance of fewer than two is null. */
export type Spread = {
  readonly n: number;
  readonly mean: number;
  readonly variance: number | null;
};

/** The depot-days of one variant by one metric, each a single value. */
export type Sample = {
  readonly figure: string;
  readonly variantKey: string;
  readonly days: Spread;
  /** Differences to the control on the same depot-days; null where variants do not share days. */
  readonly pairs: Spread | null;
};

export type Samples = { readonly computedAt: Date; readonly samples: readonly Sample[] };
