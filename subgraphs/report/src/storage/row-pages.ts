import type { EntityManager } from '@mikro-orm/postgresql';

import type { Cells } from '../figures/column.ts';

export type RowPage = {
  readonly reportId: string;
  readonly attempt: number;
  readonly after: number;
  readonly limit: number;
};

export type StoredRow = { ordinal: number; cells: Cells };

/** Pages of the rows of several reports, by one statement. */
export async function readRowPages(
  em: EntityManager,
  pages: readonly RowPage[],
): Promise<StoredRow[][]> {
  const wanted = pages.map((page, index) => ({ ...page, index }));
  const rows: (StoredRow & { index: number })[] = await em.execute(
    `select page.index, stored.ordinal, stored.cells
     from jsonb_to_recordset(?::jsonb)
       as page ("index" int, "reportId" uuid, "attempt" int, "after" int, "limit" int)
     cross join lateral (
       select ordinal, cells from report.report_rows
       where report_id = page."reportId" and attempt = page."attempt" and ordinal > page."after"
       order by ordinal limit page."limit") stored
     order by page.index, stored.ordinal`,
    [JSON.stringify(wanted)],
  );
  const byPage = Map.groupBy(rows, ({ index }) => index);
  return pages.map((_, index) => byPage.get(index) ?? []);
}
