import type { EntityManager } from '@mikro-orm/postgresql';

import { planningDays } from '../storage/stores/planning-days.ts';
import { freeShifts, openOrders } from '../storage/stores/planning-queries.ts';
import type { FreeShift, OpenOrder, PlanningDay } from '../storage/stores/planning-queries.ts';
import { presentRoutes } from '../storage/stores/present-routes.ts';
import type { PresentRoute } from '../storage/stores/present-routes.ts';

/** A depot's day as it is planned now: routes that are not dispatched, free shifts, orders still open. */
export type StandingDay = {
  readonly day: PlanningDay;
  readonly orders: readonly OpenOrder[];
  readonly shifts: readonly FreeShift[];
  readonly routes: readonly PresentRoute[];
};

/** Reads days of one depot in one statement, and three more for each of them, all at once. */
export async function standingDays(
  em: EntityManager,
  which: { organizationId: string; depotId: string; dates: readonly string[] },
): Promise<StandingDay[]> {
  const days = await planningDays(em, which);
  return Promise.all(
    days.map(async (day) => {
      const [orders, shifts, routes] = await Promise.all([
        openOrders(em, day),
        freeShifts(em, day),
        presentRoutes(em, day.planId),
      ]);
      return { day, orders, shifts, routes };
    }),
  );
}
