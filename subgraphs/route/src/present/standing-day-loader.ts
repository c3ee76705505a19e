import { byId, createLoader } from '@quantumroute/ops/loader';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { DepotDay } from '../storage/stores/plan-queries.ts';
import type { TenantScope } from '../storage/tenant-scope.ts';
import { standingDays } from './standing-days.ts';
import type { StandingDay } from './standing-days.ts';

/** For orders that each ask what their day looks like: usually all of them of one day. */
export function createStandingDayLoader({
  em,
  scope,
  metrics,
}: {
  em: EntityManager;
  scope: () => TenantScope;
  metrics: Metrics;
}) {
  return createLoader<DepotDay, StandingDay>({
    name: 'standingDays',
    metrics,
    cacheKey: keyOf,
    batch: async (days) => {
      const { organizationId } = scope();
      const depots = Map.groupBy(days, ({ depotId }) => depotId);
      const found = await Promise.all(
        Array.from(depots, ([depotId, ofDepot]) =>
          standingDays(em, { organizationId, depotId, dates: ofDepot.map(({ date }) => date) }),
        ),
      );
      return byId(days.map(keyOf), found.flat(), ({ day }) =>
        keyOf({ depotId: day.depotId, date: day.serviceDate }),
      );
    },
  });
}

function keyOf({ depotId, date }: DepotDay): string {
  return `${depotId} ${date}`;
}
