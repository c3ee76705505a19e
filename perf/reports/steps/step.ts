import type { Sql } from '../product.ts';

/** One way to answer; the steps of one `question` have to give the same rows. */
export type Step = {
  readonly name: string;
  readonly question: 'driver by day' | 'report' | 'dashboard' | 'scorecard';
  readonly statement: Sql;
  /** For this statement's session, such as `enable_indexonlyscan = off`. */
  readonly settings?: readonly string[];
  readonly rounds: number;
  /** What it may take. */
  readonly targetMs?: number;
  /** How many times faster than the first step it has to be. */
  readonly targetRatio?: number;
};
