import { isDeepStrictEqual } from 'node:util';

import type { EntityManager } from '@mikro-orm/postgresql';

import type { RouteContext } from '../context.ts';
import type { OrderUpdateInput } from '../resolvers/schema-types.ts';
import type { Order } from '../storage/entities/order.ts';
import { depotDays } from '../storage/stores/depot-days.ts';
import { updateOrder as writeOrder } from '../storage/stores/order-writes.ts';
import type { OrderChange, StoredPlace } from '../storage/stores/order-writes.ts';
import { takeOutOfRoute } from '../storage/stores/route-reduction.ts';
import { lockOpenOrder } from './open-order.ts';
import { checkOrderChange, checkWindowsInDay } from './order-input.ts';
import type { OrderChangeInput, WindowInput } from './order-input.ts';
import { outcomeOf, refuse } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { storedPlace, storedWindow } from './stored-values.ts';

/** Changes an open order and gives its id. */
export async function updateOrder(
  { em, scope }: RouteContext,
  { input, ...which }: { id: string; expectedVersion: number; input: OrderUpdateInput },
): Promise<Outcome<string>> {
  const checked = checkOrderChange(input, ['input']);
  return outcomeOf(() =>
    em.transactional(async (tx) => {
      const order = await lockOpenOrder(tx, scope(), which);
      if (checked.kind === 'invalid') return refuse(...checked.userErrors);
      if (checked.value.windows) await refuseWindowsOutsideDay(tx, order, checked.value.windows);
      const change = changeOf(order, checked.value);
      if (needsNewPlan(order, change)) await takeOutOfRoute(tx, order);
      await writeOrder(tx, change);
      return order.id;
    }),
  );
}

async function refuseWindowsOutsideDay(
  tx: EntityManager,
  { organizationId, depotId, serviceDate }: Order,
  windows: readonly WindowInput[],
): Promise<void> {
  const [day] = await depotDays(tx, { organizationId, depotId, dates: [serviceDate] });
  if (day === undefined) throw new Error(`Depot ${depotId} of an order is gone`);
  const userErrors = checkWindowsInDay(windows, { day, path: ['input', 'windows'] });
  if (userErrors.length > 0) refuse(...userErrors);
}

/** What is left out stays as it is. */
function changeOf(order: Order, input: OrderChangeInput): OrderChange {
  return {
    id: order.id,
    priority: input.priority ?? order.priority,
    requirements: input.requirements ?? order.requirements,
    requestedWindows: input.windows?.map(storedWindow) ?? order.requestedWindows,
    ...(input.place ? storedPlace(input.place) : placeOf(order)),
  };
}

/** A plan was made for a place, windows and requirements; a priority can change beside it. */
function needsNewPlan(order: Order, change: OrderChange): boolean {
  const planned = { ...change, priority: order.priority };
  const { id, priority, requirements, requestedWindows } = order;
  return !isDeepStrictEqual(planned, {
    id,
    priority,
    requirements,
    requestedWindows,
    ...placeOf(order),
  });
}

function placeOf(order: Order): StoredPlace {
  return {
    placeName: order.placeName ?? null,
    addressLines: order.addressLines,
    postalCode: order.postalCode ?? null,
    countryCode: order.countryCode,
    latitude: order.latitude,
    longitude: order.longitude,
    instructions: order.instructions ?? null,
  };
}
