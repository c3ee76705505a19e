import { defineEntity, p } from '@mikro-orm/postgresql';
import type { InferEntity } from '@mikro-orm/postgresql';

import { placeColumns } from './place.ts';

export const STOP_KINDS = ['DROPOFF', 'PICKUP'] as const;
export type StopKind = (typeof STOP_KINDS)[number];

export const STOP_STATUSES = ['PENDING', 'ARRIVED', 'COMPLETED', 'FAILED'] as const;
export type StopStatus = (typeof STOP_STATUSES)[number];

export const FAILURE_REASONS = [
  'NOBODY_HOME',
  'REFUSED',
  'WRONG_ADDRESS',
  'ACCESS_BLOCKED',
  'DAMAGED',
  'MISSING_ITEM',
  'OUT_OF_TIME',
  'VEHICLE_BREAKDOWN',
  'OTHER',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

export const StopEntity = defineEntity({
  name: 'Stop',
  schema: 'route',
  tableName: 'stops',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    routeId: p.uuid(),
    sequence: p.integer(),
    kind: p.enum(STOP_KINDS),
    status: p.enum(STOP_STATUSES),
    ...placeColumns(),
    windowStart: p.datetime().nullable(),
    windowEnd: p.datetime().nullable(),
    plannedArrival: p.datetime(),
    plannedDeparture: p.datetime(),
    serviceSeconds: p.integer(),
    legDistanceMeters: p.integer(),
    legDurationSeconds: p.integer(),
    legIsEstimated: p.boolean(),
    arrivedAt: p.datetime().nullable(),
    departedAt: p.datetime().nullable(),
    actualSequence: p.integer().nullable(),
    failureReason: p.enum(FAILURE_REASONS).nullable(),
    failureNote: p.text().nullable(),
    proofCapturedAt: p.datetime().nullable(),
    proofSyncedAt: p.datetime().nullable(),
    proofRecipientName: p.string().nullable(),
    proofLatitude: p.double().$type<number>().nullable(),
    proofLongitude: p.double().$type<number>().nullable(),
    proofDistanceMeters: p.integer().nullable(),
    proofSha256: p.string().nullable().fieldName('proof_sha256'),
    version: p.integer(),
  },
});

export type Stop = InferEntity<typeof StopEntity>;
