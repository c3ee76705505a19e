import type { Tiles } from '../actions/measure-kpis.ts';
import { TILES, tilesOf } from '../actions/measure-kpis.ts';
import { dataAsOf } from '../facts/data-as-of.ts';
import { kpiValue } from '../figures/kpi-value.ts';
import { measureEach } from '../figures/measure-each.ts';
import type { Query } from '../figures/measure.ts';
import type { Period } from '../figures/period.ts';
import type { Narrowing, Scope } from '../figures/scope.ts';
import type { Viewer } from '../storage/report-queries.ts';

/** Whose tiles are asked for, by UUID, and of when. */
export type KpiSubject = {
  readonly by: 'organization' | 'depot';
  readonly id: string;
  readonly period: Period;
};

type Part = { readonly narrow: Narrowing; readonly id: string; readonly period: Period };

/** The tiles of each subject; null for those that the viewer may not see. One statement for each type. */
export async function readKpis(
  query: Query,
  viewer: Viewer,
  subjects: readonly KpiSubject[],
): Promise<(Tiles | null)[]> {
  const { organizationId } = viewer;
  // Read before the numbers: they may hold more than it says, never less.
  const asOf = await dataAsOf(query, organizationId);
  const tiles = new Map<Part, Tiles>();
  const parts = subjects.map((subject) => partOf(viewer, subject));
  const visible = parts.filter((part) => part !== null);
  for (const [by, alike] of Map.groupBy(visible, ({ narrow }) => narrow.by)) {
    const rows = await measureEach(query, { organizationId, by, figures: TILES }, alike);
    for (const [place, part] of alike.entries()) {
      const row = rows[place];
      if (row === null || row === undefined) continue;
      const scope: Scope = { organizationId, narrow: part.narrow };
      const values = TILES.map((key) => kpiValue(key, row));
      tiles.set(part, tilesOf(values, { scope, period: part.period, dataAsOf: asOf }));
    }
  }
  return parts.map((part) => (part && tiles.get(part)) ?? null);
}

/** A partner's organization, as far as the partner may see it, is the partner's own part. */
function partOf(
  { organizationId, partnerId }: Viewer,
  { by, id, period }: KpiSubject,
): Part | null {
  if (partnerId === null) {
    return { narrow: by === 'organization' ? { by } : { by, id }, id, period };
  }
  if (by !== 'organization' || id !== organizationId) return null;
  return { narrow: { by: 'partner', id: partnerId }, id: partnerId, period };
}
