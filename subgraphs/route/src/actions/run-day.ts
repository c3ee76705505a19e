import { userError } from '@quantumroute/ops/user-errors';
import type { UserError } from '@quantumroute/ops/user-errors';
import { decodeId } from '@quantumroute/schema/ids';
import type { EntityManager } from '@mikro-orm/postgresql';

import { MAX_ORDERS, MAX_VEHICLES } from '../planning/problem.ts';
import type { OptimizationScope } from '../resolvers/schema-types.ts';
import { depotDays } from '../storage/stores/depot-days.ts';
import { countDay, routesToLock } from '../storage/stores/planning-scope.ts';
import type { DayCounts, RouteToLock } from '../storage/stores/planning-scope.ts';
import type { TenantScope } from '../storage/tenant-scope.ts';
import { refuse } from './outcome.ts';
import type { RunInput } from './run-input.ts';

/** The day that a run is to plan: what there is, and what of it stays. */
export type RunDay = {
  organizationId: string;
  depotId: string;
  lockedRouteIds: string[];
  scope: OptimizationScope;
};

/** Looks at the data of the day, and refuses what cannot be planned with everything that is wrong. */
export async function runDayOf(
  em: EntityManager,
  { organizationId, partnerId }: TenantScope,
  input: RunInput,
): Promise<RunDay> {
  const { date } = input;
  const depotId = partnerId === null ? decodeId('depot', input.depotId) : null;
  if (depotId === null) return refuse(userError.notFound(['input', 'depotId'], 'depot'));
  const [day] = await depotDays(em, { organizationId, depotId, dates: [date] });
  if (day === undefined) return refuse(userError.notFound(['input', 'depotId'], 'depot'));
  const where = { organizationId, depotId, date };
  const counts = await countDay(em, { ...where, upTo: Math.max(MAX_ORDERS, MAX_VEHICLES) + 1 });
  const wanted = input.lockedRouteIds.map((id) => decodeId('route', id));
  const known = wanted.filter((id) => id !== null);
  const routes = known.length === 0 ? [] : await routesToLock(em, { ...where, ids: known });
  const byId = new Map(routes.map((route) => [route.id, route]));
  const flaws = [
    ...flawsOfDay(counts, input),
    ...wanted.flatMap((id, index) => flawsOfLock(id === null ? undefined : byId.get(id), index)),
  ];
  if (flaws.length > 0) refuse(...flaws);
  const scope = { ...counts, lockedRoutes: known.length };
  return { organizationId, depotId, lockedRouteIds: known, scope };
}

function flawsOfDay(counts: DayCounts, { mode }: RunInput): UserError[] {
  const flaw = (argument: string, message: string) =>
    userError.invalid(['input', argument], message);
  return [
    ...(counts.vehicles === 0
      ? [flaw('date', 'No vehicle with a driver starts a shift at the depot on that day')]
      : []),
    ...(counts.vehicles > MAX_VEHICLES
      ? [
          flaw(
            'date',
            `There are more than ${MAX_VEHICLES} vehicles, which is too many for one run`,
          ),
        ]
      : []),
    ...(counts.orders > MAX_ORDERS
      ? [flaw('date', `There are more than ${MAX_ORDERS} orders, which is too many for one run`)]
      : []),
    ...(mode === 'RESEQUENCE' && counts.presentRoutes === 0
      ? [flaw('mode', 'RESEQUENCE needs published routes that are not dispatched; there are none')]
      : []),
  ];
}

function flawsOfLock(route: RouteToLock | undefined, index: number): UserError[] {
  const path = ['input', 'lockedRouteIds', String(index)];
  if (route === undefined) return [userError.notFound(path, 'route')];
  if (!route.isOfDay) return [userError.invalid(path, 'This route is of another depot or day')];
  if (route.status !== 'PLANNED') {
    return [userError.invalid(path, `This route is ${route.status}: no run changes it`)];
  }
  if (route.hasShift) return [];
  return [
    userError.invalid(path, 'The shift of this route is gone, so that it cannot stay as it is'),
  ];
}
