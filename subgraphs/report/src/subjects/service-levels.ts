import type { FigureKey } from '../figures/catalogue.ts';
import { kpiValue } from '../figures/kpi-value.ts';
import type { Asked } from '../figures/measure-each.ts';
import { measureEach } from '../figures/measure-each.ts';
import type { Query } from '../figures/measure.ts';
import type { ServiceLevel } from '../resolvers/schema-types.ts';
import type { Viewer } from '../storage/report-queries.ts';

const FIGURES = ['orders', 'onTime', 'inFull', 'otif'] as const satisfies readonly FigureKey[];

/**
 * How well promises to each partner were kept, by one statement; null for partners of other
 * organizations, and for other partners where the viewer is one.
 */
export async function readServiceLevels(
  query: Query,
  { organizationId, partnerId }: Viewer,
  asked: readonly Asked[],
): Promise<(ServiceLevel | null)[]> {
  const maySee = ({ id }: Asked) => partnerId === null || partnerId === id;
  const visible = asked.filter(maySee);
  if (visible.length === 0) return asked.map(() => null);
  const what = { organizationId, by: 'partner', figures: FIGURES } as const;
  const rows = await measureEach(query, what, visible);
  const levels = new Map(visible.map((one, place) => [one, rows[place] ?? null]));
  return asked.map((one) => {
    const row = levels.get(one) ?? null;
    if (row === null) return null;
    const value = (key: (typeof FIGURES)[number]) => kpiValue(key, row).value;
    return {
      orders: value('orders') ?? 0,
      onTime: value('onTime'),
      inFull: value('inFull'),
      otif: value('otif'),
    };
  });
}
