import { userError } from '@quantumroute/ops/user-errors';
import type { UserError } from '@quantumroute/ops/user-errors';
import { decodeId } from '@quantumroute/schema/ids';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { RouteContext } from '../context.ts';
import { refusedStep } from '../lifecycles/lifecycle.ts';
import { ROUTE_TRANSITIONS } from '../lifecycles/route-lifecycle.ts';
import { STOP_TRANSITIONS } from '../lifecycles/stop-lifecycle.ts';
import type { StopStatus } from '../storage/entities/stop.ts';
import { lockVisit } from '../storage/stores/visit-writes.ts';
import type { Visit } from '../storage/stores/visit-writes.ts';
import { once } from './once.ts';
import { refuse } from './outcome.ts';
import type { Outcome } from './outcome.ts';

export type VisitInput = {
  idempotencyKey: string;
  occurredAt: Date;
  point?: { latitude: number; longitude: number } | null;
};

type Step<Input extends VisitInput> = {
  operation: string;
  to: StopStatus;
  stopId: string;
  input: Input;
};

const CLOCK_TOLERANCE_MS = 5 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/**
 * One step of a stop, reported by the driver of its route and by nobody else; `write` gets the
 * locked visit when the step is possible. Gives the ids of the stop and its route.
 */
export async function visit<Input extends VisitInput>(
  context: RouteContext,
  { operation, to, stopId, input }: Step<Input>,
  write: (tx: EntityManager, visit: Visit) => Promise<void>,
): Promise<Outcome<{ stopId: string; routeId: string }>> {
  const { idempotencyKey, ...body } = input;
  const call = {
    operation,
    key: idempotencyKey,
    keyPath: ['input', 'idempotencyKey'],
    body: { stopId, ...body },
  };
  return once(context, call, async (tx) => {
    const locked = await lockOwnVisit(tx, context, stopId);
    const userErrors = [...refusals(locked, to), ...inputFlaws(locked, input, context.nowMs)];
    if (userErrors.length > 0) refuse(...userErrors);
    await write(tx, locked);
    return { stopId: locked.stop.id, routeId: locked.route.id };
  });
}

async function lockOwnVisit(
  tx: EntityManager,
  { identity, scope }: RouteContext,
  id: string,
): Promise<Visit> {
  const { organizationId } = scope();
  const { driverId } = identity;
  const stopId = decodeId('stop', id);
  const locked =
    stopId === null || driverId === null
      ? null
      : await lockVisit(tx, { stopId, driverId, organizationId });
  return locked ?? refuse(userError.notFound(['id'], 'stop'));
}

/** A route that is not dispatched stands in the way of all of its stops. */
function refusals({ route, stop }: Visit, to: StopStatus): UserError[] {
  const path = ['id'];
  if (route.status === 'PLANNED') {
    return [userError.illegalTransition(path, route.status, ROUTE_TRANSITIONS.PLANNED)];
  }
  const refused = refusedStep(STOP_TRANSITIONS, { from: stop.status, to, path });
  return refused === null ? [] : [refused];
}

function inputFlaws(visit: Visit, { occurredAt, point }: VisitInput, nowMs: number): UserError[] {
  const flaws: UserError[] = [];
  const { arrivedAt } = visit.stop;
  const time =
    timeFlaw(visit.route, occurredAt, nowMs) ??
    (arrivedAt && occurredAt < arrivedAt ? 'is before the arrival' : null);
  if (time !== null) flaws.push(userError.invalid(['input', 'occurredAt'], `occurredAt ${time}`));
  if (point && !(Math.abs(point.latitude) <= 90 && Math.abs(point.longitude) <= 180)) {
    const message = 'point needs a latitude from -90 to 90 and a longitude from -180 to 180';
    flaws.push(userError.invalid(['input', 'point'], message));
  }
  return flaws;
}

/**
 * What is wrong with a time at a stop of the route, if anything. The driver's clock may be a little
 * off, and what it says may arrive hours later.
 */
export function timeFlaw(route: Visit['route'], time: Date | null, nowMs: number): string | null {
  if (time === null) return null;
  if (time.getTime() > nowMs + CLOCK_TOLERANCE_MS) return 'is in the future';
  const dispatchedMs = (route.dispatchedAt ?? route.plannedStart).getTime();
  const isBefore = time.getTime() < dispatchedMs - (dispatchedMs % DAY_MS);
  return isBefore ? 'is before the day on which the route was dispatched' : null;
}
