import type { Told } from './follower.ts';

/** How what somebody was told differs from what happened. */
export type Verdict = {
  /** Reports whose end he was not told. */
  missed: number;
  /** An older state of a report after a newer one. */
  outOfOrder: number;
  /** The same state again, although nothing said that this may happen. */
  repeated: number;
  /** The same or an older state again on a connection that told of a gap before. */
  repeatedAfterGap: number;
  gaps: number;
};

/** `ends`: the final version of each report that he ought to know of. */
export function judge(told: readonly Told[], ends: ReadonlyMap<string, number>): Verdict {
  const latest = new Map<string, number>();
  const verdict: Verdict = { missed: 0, outOfOrder: 0, repeated: 0, repeatedAfterGap: 0, gaps: 0 };
  let gapOf = -1;
  for (const { id, version, gap, connection } of told) {
    if (gap) {
      verdict.gaps += 1;
      gapOf = connection;
    }
    const known = latest.get(id) ?? 0;
    if (version > known) latest.set(id, version);
    else if (gapOf === connection) verdict.repeatedAfterGap += 1;
    else if (version === known) verdict.repeated += 1;
    else verdict.outOfOrder += 1;
  }
  for (const [id, version] of ends) {
    if ((latest.get(id) ?? 0) < version) verdict.missed += 1;
  }
  return verdict;
}

/** Of many. */
export function sum(verdicts: readonly Verdict[]): Verdict {
  const of = (key: keyof Verdict) => verdicts.reduce((total, verdict) => total + verdict[key], 0);
  return {
    missed: of('missed'),
    outOfOrder: of('outOfOrder'),
    repeated: of('repeated'),
    repeatedAfterGap: of('repeatedAfterGap'),
    gaps: of('gaps'),
  };
}
