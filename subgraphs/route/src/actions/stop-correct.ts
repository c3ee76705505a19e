import { isDeepStrictEqual } from 'node:util';

import { userError } from '@quantumroute/ops/user-errors';
import { decodeId } from '@quantumroute/schema/ids';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { RouteContext } from '../context.ts';
import type { StopCorrectInput } from '../resolvers/schema-types.ts';
import {
  correctRoute,
  lockFinishedVisit,
  writeCorrection,
} from '../storage/stores/correction-writes.ts';
import { insertOrderEvents } from '../storage/stores/order-event-writes.ts';
import { appendEvents } from '../storage/stores/outbox-writes.ts';
import { finishOrders } from '../storage/stores/visit-writes.ts';
import type { Visit } from '../storage/stores/visit-writes.ts';
import { correctionOf } from './correction.ts';
import type { Correction } from './correction.ts';
import { eventTypeOf } from './finish-visit.ts';
import { once } from './once.ts';
import { refuse } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { routeEvents } from './route-events.ts';

type Wanted = { id: string; expectedVersion: number; input: StopCorrectInput };

/** Puts right what was reported about a finished stop; orders, route and reports follow. */
export async function correctStop(
  context: RouteContext,
  { id, expectedVersion, input }: Wanted,
): Promise<Outcome<{ stopId: string; routeId: string }>> {
  const { idempotencyKey, ...body } = input;
  const call = {
    operation: 'stopCorrect',
    key: idempotencyKey,
    keyPath: ['input', 'idempotencyKey'],
    body: { id, expectedVersion, ...body },
  };
  return once(context, call, async (tx) => {
    const visit = await lockExpected(tx, context, { id, expectedVersion });
    const { correction, userErrors } = correctionOf(visit, input, context.nowMs);
    if (userErrors.length > 0) refuse(...userErrors);
    await correct(tx, visit, correction);
    return { stopId: visit.stop.id, routeId: visit.route.id };
  });
}

async function lockExpected(
  tx: EntityManager,
  { scope }: RouteContext,
  { id, expectedVersion }: Pick<Wanted, 'id' | 'expectedVersion'>,
): Promise<Visit> {
  const { organizationId } = scope();
  const stopId = decodeId('stop', id);
  const visit = stopId === null ? null : await lockFinishedVisit(tx, { stopId, organizationId });
  if (visit === null) return refuse(userError.notFound(['id'], 'stop'));
  const { status, version } = visit.stop;
  if (status !== 'COMPLETED' && status !== 'FAILED') {
    // The driver's step comes first; there is nothing to correct before.
    return refuse(userError.illegalTransition(['id'], status, []));
  }
  if (version === expectedVersion) return visit;
  return refuse(userError.versionConflict(['expectedVersion'], version));
}

/** Every stop whose facts are others than before is told again: the ETA of one hangs on the one before. */
async function correct(tx: EntityManager, visit: Visit, correction: Correction): Promise<void> {
  const { stop, route } = visit;
  const before = await routeEvents(tx, { route });
  await writeCorrection(tx, { stop, ...correction });
  await followOrders(tx, visit, correction);
  await correctRoute(tx, route.id);
  const after = await routeEvents(tx, { route });
  const changed = after.filter((event, index) => !isDeepStrictEqual(event, before[index]));
  await appendEvents(tx, changed);
}

async function followOrders(
  tx: EntityManager,
  { stop, orders }: Visit,
  { outcomes, departedAt, note }: Correction,
): Promise<void> {
  await finishOrders(tx, { orders: outcomes, occurredAt: departedAt });
  const before = new Map(orders.map(({ id, status }) => [id, status]));
  await insertOrderEvents(tx, {
    organizationId: stop.organizationId,
    events: outcomes
      .filter(({ id, status }) => before.get(id) !== status)
      .map(({ id, status }) => ({
        orderId: id,
        type: eventTypeOf(status),
        occurredAt: departedAt,
        note,
      })),
  });
}
