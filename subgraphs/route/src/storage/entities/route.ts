import { defineEntity, p } from '@mikro-orm/postgresql';
import type { InferEntity } from '@mikro-orm/postgresql';

export const ROUTE_STATUSES = ['PLANNED', 'DISPATCHED', 'IN_PROGRESS', 'COMPLETED'] as const;
export type RouteStatus = (typeof ROUTE_STATUSES)[number];

/** Names and plate are copies of what fleet said when the plan was published. */
export const RouteEntity = defineEntity({
  name: 'Route',
  schema: 'route',
  tableName: 'routes',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    planId: p.uuid(),
    /** The run that proposed it. */
    runId: p.uuid().nullable(),
    depotId: p.uuid(),
    serviceDate: p.date(),
    vehicleId: p.uuid(),
    driverId: p.uuid(),
    shiftId: p.uuid().nullable(),
    vehicleName: p.string(),
    registrationPlate: p.string(),
    driverName: p.string(),
    status: p.enum(ROUTE_STATUSES),
    plannedStart: p.datetime(),
    plannedEnd: p.datetime(),
    distanceMeters: p.integer(),
    drivingSeconds: p.integer(),
    serviceSeconds: p.integer(),
    waitingSeconds: p.integer(),
    stopCount: p.integer(),
    loadWeightKg: p.double().$type<number>(),
    capacityWeightKg: p.double().$type<number>(),
    cost: p.decimal(),
    currency: p.string(),
    dispatchedAt: p.datetime().nullable(),
    startedAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
    version: p.integer(),
  },
});

export type Route = InferEntity<typeof RouteEntity>;
