/**
 * Which types of each subgraph have a parent object of our own: `Vehicle` maps to the type
 * `VehicleParent` that `subgraphs/<name>/src/resolvers/parents.ts` exports. A subgraph's owner edits
 * its list, then runs `node schema/codegen/main.ts`. Types that are not listed are passed as they
 * are in the schema.
 */
export const mappers = {
  fleet: [
    'Viewer',
    'Organization',
    'Partner',
    'Depot',
    'Vehicle',
    'VehiclePosition',
    'Driver',
    'Shift',
    'VehicleConnection',
    'VehiclePositionsFrame',
    'VehicleAlert',
  ],
  route: [
    'Order',
    'TrackingEvent',
    'Stop',
    'Route',
    'Plan',
    'OptimizationRun',
    'ProposedRoute',
    'SlotOffer',
    'FitOption',
    'Displacement',
    'BoardEvent',
    'Experiment',
    'ShadowRun',
    'Depot',
    'Partner',
    'Driver',
    'Vehicle',
    'OrderConnection',
    'RouteConnection',
  ],
  report: [
    'Report',
    'ReportProgress',
    'ReportSchedule',
    'Kpi',
    'KpiSet',
    'Organization',
    'Partner',
    'Depot',
    'Vehicle',
    'Driver',
    'Route',
    'Experiment',
  ],
} as const satisfies Record<string, readonly string[]>;

/** Name of a subgraph of this repository. */
export type SubgraphName = keyof typeof mappers;
