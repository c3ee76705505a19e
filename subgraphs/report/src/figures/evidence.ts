import type { Sql } from '../storage/sql.ts';
import { join, raw, sql } from '../storage/sql.ts';
import type { FigureKey } from './catalogue.ts';
import { figureOf } from './catalogue.ts';
import type { Query } from './measure.ts';
import type { Period } from './period.ts';
import type { Scope } from './scope.ts';
import { rowsOfStops } from './source.ts';

/** A page of the stops behind a figure. */
export type EvidencePage = {
  readonly figure: FigureKey;
  readonly scope: Scope;
  readonly period: Period;
  readonly limit: number;
  readonly after: EvidenceStop | null;
};

/** A stop and how much it adds to what is wrong, in a unit that depends on the figure. */
export type EvidenceStop = { readonly worst: number; readonly stopId: string };

/** The stops of each page, worst first, by one statement. Only for figures with evidence. */
export async function readEvidence(
  query: Query,
  pages: readonly EvidencePage[],
): Promise<EvidenceStop[][]> {
  const rows = (await query(join(pages.map(pageStatement), ' union all '))) as readonly {
    page: number;
    stopId: string;
    worst: number;
  }[];
  const byPage = Map.groupBy(rows, ({ page }) => page);
  return pages.map((_, index) =>
    (byPage.get(index) ?? []).toSorted(worseFirst).map(({ stopId, worst }) => ({ stopId, worst })),
  );
}

/** True when single stops stand behind the figure. */
export function hasEvidence(figure: FigureKey): boolean {
  return figureOf(figure).evidence !== null;
}

/** Below every size: some are negative, such as the lateness of a stop in good time. */
const UNKNOWN_SIZE = -1e15;

/**
 * A stop that counts but of which nobody knows how bad it was comes last; without a condition it does
 * not count at all.
 */
function pageStatement({ figure, scope, period, limit, after }: EvidencePage, page: number): Sql {
  const { evidence } = figureOf(figure);
  if (evidence === null) throw new TypeError(`No stops stand behind ${figure}`);
  const { worst, among = `(${worst}) is not null` } = evidence;
  const size = raw(`coalesce((${worst})::float8, ${UNKNOWN_SIZE})`);
  const days = { from: sql`${period.from}::date`, to: sql`${period.to}::date` };
  const next =
    after === null
      ? raw('')
      : sql`and (${size}, f.stop_id) < (${after.worst}::float8, ${after.stopId}::uuid)`;
  return sql`(select ${page}::int as page, f.stop_id as "stopId", ${size} as worst
    ${rowsOfStops(scope, days)} and ${raw(`(${among})`)} ${next}
    order by ${size} desc, f.stop_id desc limit ${limit})`;
}

function worseFirst(a: EvidenceStop, b: EvidenceStop): number {
  if (a.worst !== b.worst) return b.worst - a.worst;
  return a.stopId < b.stopId ? 1 : -1;
}
