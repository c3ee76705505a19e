import { setTimeout as sleep } from 'node:timers/promises';

import type { ClientBase } from 'pg';

import type { Postgres } from '@quantumroute/ops/postgres';
import { newId } from '@quantumroute/schema/ids';

import { projectBatch } from '../src/facts/projector.ts';
import { rollUpNext } from '../src/facts/roll-up.ts';

export type RouteEvent = {
  readonly type: string;
  readonly organizationId: string;
  readonly subjectId: string;
  readonly body: Record<string, unknown>;
  readonly recordedAt?: string;
};

type Place = {
  readonly organizationId: string;
  readonly depotId: string;
  readonly partnerId?: string | null;
  readonly vehicleId: string;
  readonly driverId: string;
  readonly routeId: string;
  readonly serviceDate: string;
};

/** A place of nobody else, for events. */
export function somewhere(over: Partial<Place> = {}): Place {
  return {
    organizationId: newId(),
    depotId: newId(),
    partnerId: newId(),
    vehicleId: newId(),
    driverId: newId(),
    routeId: newId(),
    serviceDate: '2026-03-02',
    ...over,
  };
}

/** A stop on time and in full, a quarter of an hour long, as the route service tells of it. */
export function stopFinished(
  { organizationId, ...place }: Place,
  { stopId = newId(), recordedAt, ...over }: StopOver = {},
): RouteEvent {
  const at = (time: string) => `${place.serviceDate}T${time}.000Z`;
  const body = {
    ...place,
    stopId,
    kind: 'DROPOFF',
    outcome: 'COMPLETED',
    failureReason: null,
    windowStart: at('09:00:00'),
    windowEnd: at('11:00:00'),
    plannedArrival: at('10:00:00'),
    arrivedAt: at('10:05:00'),
    departedAt: at('10:20:00'),
    onTime: true,
    orderCount: 1,
    ordersInFull: 1,
    ordersOtif: 1,
    ordersFirstAttempt: 1,
    dwellSeconds: 900,
    plannedSequence: 1,
    actualSequence: 1,
    serviceSeconds: 300,
    legDistanceMeters: 5_000,
    legDurationSeconds: 600,
    directDistanceMeters: 4_000,
    loadWeightKg: 10,
    etaErrorSeconds: 300,
    ...over,
  };
  const event = { type: 'stop.finished', organizationId, subjectId: stopId, body };
  return recordedAt === undefined ? event : { ...event, recordedAt };
}

type StopOver = Record<string, unknown> & { stopId?: string; recordedAt?: string };

/** A route of eight hours and 100 km that cost 300. */
export function routeFinished(
  { organizationId, partnerId: _, ...place }: Place,
  { recordedAt, ...over }: Record<string, unknown> & { recordedAt?: string } = {},
): RouteEvent {
  const at = (time: string) => `${place.serviceDate}T${time}.000Z`;
  const body = {
    ...place,
    plannedStart: at('08:00:00'),
    plannedEnd: at('16:00:00'),
    startedAt: at('08:00:00'),
    endedAt: at('16:00:00'),
    distanceMeters: 100_000,
    drivingSeconds: 7_200,
    serviceSeconds: 3_600,
    waitingSeconds: 600,
    emptyDistanceMeters: 10_000,
    stopCount: 3,
    loadWeightKg: 500,
    capacityWeightKg: 1_000,
    loadWeightMeters: 30_000_000,
    cost: 300,
    currency: 'EUR',
    experimentId: null,
    variantKey: null,
    ...over,
  };
  const event = { type: 'route.finished', organizationId, subjectId: place.routeId, body };
  return recordedAt === undefined ? event : { ...event, recordedAt };
}

/** Writes events as the route service does, in the transaction that `client` is in. */
export async function emit(client: ClientBase, ...events: readonly RouteEvent[]): Promise<void> {
  for (const { type, organizationId, subjectId, body, recordedAt = null } of events) {
    await client.query(
      `insert into route.outbox (organization_id, type, subject_id, body, recorded_at)
       values ($1, $2, $3, $4, coalesce($5::timestamptz, now()))`,
      [organizationId, type, subjectId, JSON.stringify(body), recordedAt],
    );
  }
}

/**
 * Projects until what is committed by now is in the facts; gives what came of it. Transactions of
 * other tests on the same server may hold it up for a while.
 */
export async function projectAll(
  postgres: Postgres,
  { limit = 1_000 }: { limit?: number } = {},
): Promise<{ events: number; setAside: number }> {
  const total = { events: 0, setAside: 0 };
  const startedAt = Date.now();
  for (;;) {
    const batch = await projectBatch(postgres.fork(), { limit });
    if (batch.state === 'busy') throw new Error('Nobody else was expected to project');
    total.events += batch.events;
    total.setAside += batch.setAside;
    if (batch.consumedUntil >= startedAt) return total;
    if (Date.now() - startedAt > 60_000) throw new Error('The projector did not get through');
    if (batch.isDrained) await sleep(20);
  }
}

/** Sums every dirty day; gives their number. */
export async function rollUpAll(postgres: Postgres): Promise<number> {
  let days = 0;
  while ((await rollUpNext(postgres.fork())) !== null) days += 1;
  return days;
}
