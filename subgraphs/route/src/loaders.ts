import type DataLoader from 'dataloader';

import { byId, createLoader } from '@quantumroute/ops/loader';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { EntityManager } from '@mikro-orm/postgresql';

import { createPageLoader } from './page-loader.ts';
import type { Experiment, ExperimentVariant } from './storage/entities/experiment.ts';
import { createStandingDayLoader } from './present/standing-day-loader.ts';
import type { OptimizationRun } from './storage/entities/optimization-run.ts';
import type { OrderEvent } from './storage/entities/order-event.ts';
import type { Order } from './storage/entities/order.ts';
import type { Plan } from './storage/entities/plan.ts';
import type { Route } from './storage/entities/route.ts';
import type { Stop, StopStatus } from './storage/entities/stop.ts';
import { findExperiments, variantsOfRuns } from './storage/stores/experiment-queries.ts';
import { eventsOfOrders } from './storage/stores/order-event-queries.ts';
import type { OrderEventKey } from './storage/stores/order-event-queries.ts';
import * as orderQueries from './storage/stores/order-queries.ts';
import * as planQueries from './storage/stores/plan-queries.ts';
import * as routeQueries from './storage/stores/route-queries.ts';
import * as runQueries from './storage/stores/run-queries.ts';
import { shadowsOfRuns } from './storage/stores/shadow-queries.ts';
import type { ShadowRun } from './storage/stores/shadow-queries.ts';
import { findStops, stopsOfRoutes } from './storage/stores/stop-queries.ts';
import { timingStopsOfRoutes } from './storage/stores/timing-queries.ts';
import { profilesOfVehicles } from './storage/stores/vehicle-profiles.ts';
import type { TenantScope } from './storage/tenant-scope.ts';
import { routeTiming } from './timing/route-timing.ts';
import type { RouteTiming } from './timing/route-timing.ts';

export type Loaders = ReturnType<typeof createLoaders>;

/** What a loader works with. `scope` throws for callers who belong to no organization. */
export type LoaderParts = {
  em: EntityManager;
  scope: () => TenantScope;
  nowMs: number;
  metrics: Metrics;
};

/** One loader per key that we answer by, for one request. */
export function createLoaders(parts: LoaderParts) {
  const entities = entityLoaders(parts);
  return {
    ...entities,
    ...orderLoaders(parts),
    ...routeLoaders(parts, entities),
    ...planLoaders(parts, entities),
    ...experimentLoaders(parts),
    ...fleetLoaders(parts),
    standingDays: createStandingDayLoader(parts),
  };
}

type FindByIds<V> = (em: EntityManager, scope: TenantScope, ids: readonly string[]) => Promise<V[]>;

function entityLoaders({ em, scope, metrics }: LoaderParts) {
  const entities = <V extends { id: string }>(name: string, find: FindByIds<V>) =>
    createLoader<string, V>({
      name,
      metrics,
      batch: async (ids) => byId(ids, await find(em, scope(), ids), ({ id }) => id),
    });
  return {
    orders: entities<Order>('orders', orderQueries.findOrders),
    stops: entities<Stop>('stops', findStops),
    // Apart from `stops`: lists bring their stops along at the same time, sooner or later than this is asked.
    nextStops: entities<Stop>('nextStops', findStops),
    routes: entities<Route>('routes', routeQueries.findRoutes),
    plans: entities<Plan>('plans', planQueries.findPlans),
    runs: entities<OptimizationRun>('runs', runQueries.findRuns),
    experiments: entities<Experiment>('experiments', findExperiments),
  };
}

type EntityLoaders = ReturnType<typeof entityLoaders>;

/** What a list has brought along need not be asked for again by its id. */
function known<V extends { id: string }>(loader: DataLoader<string, V | null>, groups: V[][]) {
  for (const row of groups.flat()) loader.prime(row.id, row);
  return groups;
}

function orderLoaders({ em, scope, metrics }: LoaderParts) {
  return {
    ordersOfStop: createLoader<string, Order[]>({
      name: 'ordersOfStop',
      metrics,
      batch: (stopIds) => orderQueries.ordersOfStops(em, scope(), stopIds),
    }),
    eventsOfOrder: createPageLoader<{ limit: number; after: OrderEventKey | null }, OrderEvent[]>({
      name: 'eventsOfOrder',
      metrics,
      batch: (orderIds, page) =>
        eventsOfOrders(em, { organizationId: scope().organizationId, orderIds, ...page }),
    }),
  };
}

type StopPage = {
  limit: number;
  afterSequence: number | null;
  statuses: readonly StopStatus[] | null;
};

function routeLoaders({ em, scope, metrics, nowMs }: LoaderParts, { stops }: EntityLoaders) {
  return {
    stopsOfRoute: createPageLoader<StopPage, Stop[]>({
      name: 'stopsOfRoute',
      metrics,
      batch: async (routeIds, page) =>
        known(stops, await stopsOfRoutes(em, scope(), { routeIds, ...page })),
    }),
    timings: createLoader<string, RouteTiming>({
      name: 'timings',
      metrics,
      batch: async (routeIds) => {
        const { organizationId } = scope();
        const groups = await timingStopsOfRoutes(em, { organizationId, routeIds });
        return groups.map((timingStops) => routeTiming(timingStops, nowMs));
      },
    }),
  };
}

type RoutePage = { limit: number; after: routeQueries.RouteListKey | null };
type UnassignedPage = { limit: number; after: orderQueries.UnassignedKey | null };
type Count = { limit: number };

function planLoaders({ em, scope, metrics }: LoaderParts, { routes }: EntityLoaders) {
  return {
    plansOfDays: createLoader<planQueries.DepotDay, Plan>({
      name: 'plansOfDays',
      metrics,
      cacheKey: dayKey,
      batch: async (days) => {
        const plans = await planQueries.findPlansOfDays(em, scope(), days);
        const keyOf = (plan: Plan) => dayKey({ depotId: plan.depotId, date: plan.serviceDate });
        return byId(days.map(dayKey), plans, keyOf);
      },
    }),
    routesOfPlan: createPageLoader<RoutePage, Route[]>({
      name: 'routesOfPlan',
      metrics,
      batch: async (planIds, page) =>
        known(routes, await routeQueries.routesOfPlans(em, scope(), { planIds, ...page })),
    }),
    unassignedOfPlan: createPageLoader<UnassignedPage, Order[]>({
      name: 'unassignedOfPlan',
      metrics,
      batch: (planIds, page) => orderQueries.unassignedOfPlans(em, scope(), { planIds, ...page }),
    }),
    ...countLoaders({ em, scope, metrics }),
    ...runLoaders({ em, scope, metrics }),
  };
}

function countLoaders({ em, scope, metrics }: Omit<LoaderParts, 'nowMs'>) {
  return {
    routeCountOfPlan: createPageLoader<Count, number>({
      name: 'routeCountOfPlan',
      metrics,
      batch: async (planIds, { limit }) => {
        const counts = await routeQueries.countRoutesOfPlans(em, scope(), { planIds, limit });
        return planIds.map((id) => counts.get(id) ?? 0);
      },
    }),
    unassignedCountOfPlan: createPageLoader<Count, number>({
      name: 'unassignedCountOfPlan',
      metrics,
      batch: async (planIds, { limit }) => {
        const counts = await orderQueries.countUnassignedOfPlans(em, scope(), { planIds, limit });
        return planIds.map((id) => counts.get(id) ?? 0);
      },
    }),
  };
}

function runLoaders({ em, scope, metrics }: Omit<LoaderParts, 'nowMs'>) {
  return {
    planMetrics: createLoader<string, planQueries.PlanMetrics>({
      name: 'planMetrics',
      metrics,
      batch: async (planIds) => {
        const sums = await planQueries.metricsOfPlans(em, scope(), planIds);
        return planIds.map((id) => sums.get(id) ?? null);
      },
    }),
    runsOfPlan: createPageLoader<{ limit: number }, OptimizationRun[]>({
      name: 'runsOfPlan',
      metrics,
      batch: (planIds, page) => runQueries.runsOfPlans(em, scope(), { planIds, ...page }),
    }),
    proposals: createLoader({
      name: 'proposals',
      metrics,
      batch: async (runIds: readonly string[]) => {
        const proposals = await runQueries.proposalsOfRuns(em, scope(), runIds);
        return runIds.map((id) => proposals.get(id) ?? null);
      },
    }),
  };
}

function experimentLoaders({ em, scope, metrics }: LoaderParts) {
  return {
    variantOfRun: createLoader<string, ExperimentVariant>({
      name: 'variantOfRun',
      metrics,
      batch: async (runIds) => {
        const variants = await variantsOfRuns(em, scope(), runIds);
        return runIds.map((id) => variants.get(id) ?? null);
      },
    }),
    shadowsOfRun: createLoader<string, ShadowRun[]>({
      name: 'shadowsOfRun',
      metrics,
      batch: (runIds) => shadowsOfRuns(em, scope(), runIds),
    }),
  };
}

function fleetLoaders({ em, scope, metrics }: LoaderParts) {
  return {
    activeRoutes: createLoader<string, Route>({
      name: 'activeRoutes',
      metrics,
      batch: async (vehicleIds) => {
        const routes = await routeQueries.activeRoutesOfVehicles(em, scope(), vehicleIds);
        return byId(vehicleIds, routes, ({ vehicleId }) => vehicleId);
      },
    }),
    routesOfDriver: createPageLoader<{ date: string }, Route>({
      name: 'routesOfDriver',
      metrics,
      batch: async (driverIds, { date }) => {
        const routes = await routeQueries.routesOfDrivers(em, scope(), { driverIds, date });
        return byId(driverIds, routes, ({ driverId }) => driverId);
      },
    }),
    vehicleProfiles: createLoader({
      name: 'vehicleProfiles',
      metrics,
      batch: async (vehicleIds: readonly string[]) => {
        const profiles = await profilesOfVehicles(em, scope(), vehicleIds);
        return vehicleIds.map((id) => profiles.get(id) ?? null);
      },
    }),
  };
}

function dayKey({ depotId, date }: planQueries.DepotDay): string {
  return `${depotId} ${date}`;
}
