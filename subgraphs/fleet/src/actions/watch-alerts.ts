import type { LiveSource } from '@quantumroute/ops/live-event';
import type { FleetContext } from '../context.ts';
import type { VehicleAlert } from '../storage/stores/alerts.ts';
import { findAlert } from '../storage/stores/alerts.ts';
import { depotValue } from './filter-values.ts';

/** The alerts of the caller's organization from now on, or from where he resumes. */
export function watchAlerts(
  { tenant, live }: FleetContext,
  depotId: string | null | undefined,
): Promise<LiveSource<VehicleAlert & { version: number }>> {
  const { em, organizationId } = tenant();
  const wanted = depotValue(depotId);
  return live.alerts.watch<VehicleAlert & { version: number }>({
    organizationId,
    concerns: ({ homeDepotId }) => wanted === null || homeDepotId === wanted,
    load: async ({ alertId }) => {
      const alert = await findAlert({ em: em.fork(), organizationId }, alertId);
      return alert && { ...alert, version: 1 };
    },
    settles: () => false,
  });
}
