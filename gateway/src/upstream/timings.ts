/** What a request cost so far, as the subgraphs tell it in `Server-Timing`. */
export type Timings = { fetches: number; sqlStatements: number; sqlMs: number };

/** Timings of a request that has not reached any subgraph. */
export function noTimings(): Timings {
  return { fetches: 0, sqlStatements: 0, sqlMs: 0 };
}

/** Adds one answer of a subgraph: `sql;desc="12";dur=3.4` among other entries. */
export function addAnswer(timings: Timings, serverTiming: string | undefined): void {
  timings.fetches += 1;
  const sql = serverTiming?.split(',').find((entry) => entry.trim().startsWith('sql;'));
  if (sql === undefined) return;
  timings.sqlStatements += numberIn(/desc="(\d+)"/.exec(sql));
  timings.sqlMs += numberIn(/dur=([\d.]+)/.exec(sql));
}

/** The value of the `Server-Timing` header that tells it all to the client. */
export function timingsHeader({ fetches, sqlStatements, sqlMs }: Timings): string {
  return `fetches;desc="${fetches}", sql;desc="${sqlStatements}";dur=${sqlMs.toFixed(1)}`;
}

function numberIn(match: RegExpExecArray | null): number {
  return Number(match?.[1] ?? 0);
}
