import { setImmediate as yieldToOthers } from 'node:timers/promises';

import { failure } from '@quantumroute/ops/failures';

import type { RouteContext } from '../context.ts';
import { fitOptions, type FitOption } from '../planning/reasons/fit-options.ts';
import type { Order } from '../storage/entities/order.ts';
import { standingProblem } from './standing-problem.ts';

/** An option with the names of the outside world. */
export type ShownFitOption = Omit<FitOption, 'vehicleKey' | 'cost'> & {
  readonly vehicleId: string;
  readonly marginalCost: number;
  readonly currency: string;
};

/** From its start a request may ask for options for so long; a list of orders runs into it. */
const MAX_MS = 2_000;
const TOO_MANY = 'Ask for the options of one order at a time';

/** What would fit an order that waits into the plan of its day as it is now. None for any other. */
export async function fitOptionsOfOrder(
  { loaders, nowMs, signal, scope }: RouteContext,
  order: Order,
): Promise<ShownFitOption[]> {
  // A partner must not learn what the organization pays.
  if (order.status !== 'ACCEPTED' || scope().partnerId !== null) return [];
  const { depotId, serviceDate: date } = order;
  const standing = await loaders.standingDays.load({ depotId, date });
  const wanted = standing?.orders.find(({ id }) => id === order.id);
  // Somebody was quicker.
  if (standing === null || wanted === undefined) return [];
  // Several orders in a row would keep everybody else waiting.
  await yieldToOthers();
  signal.throwIfAborted();
  const isOutOfTime = () => Date.now() - nowMs > MAX_MS;
  if (isOutOfTime()) throw failure('DEADLINE_EXCEEDED', TOO_MANY);
  const { instance, routes, added } = standingProblem(standing, [wanted], nowMs);
  const shiftOf = new Map(standing.shifts.map((shift) => [shift.shiftId, shift]));
  return fitOptions(instance, routes, added[0]!, isOutOfTime).map(
    ({ vehicleKey, cost, ...option }) => ({
      ...option,
      vehicleId: shiftOf.get(vehicleKey)!.vehicleId,
      marginalCost: Math.max(0, cost),
      currency: standing.day.currency,
    }),
  );
}
