import type { RouteContext } from '../context.ts';
import { fitOptions, type FitOption } from '../planning/reasons/fit-options.ts';
import type { Order } from '../storage/entities/order.ts';
import { waitingOrders } from './drivable-routes.ts';
import { standingProblem } from './standing-problem.ts';
import { MAX_COMPUTING_MS, takeTurn } from './take-turn.ts';

/** An option with the names of the outside world. */
export type ShownFitOption = Omit<FitOption, 'vehicleKey' | 'cost'> & {
  readonly vehicleId: string;
  readonly marginalCost: number;
  readonly currency: string;
};

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
  const wanted = standing && waitingOrders(standing).find(({ id }) => id === order.id);
  // Somebody was quicker.
  if (standing === null || wanted == null) return [];
  await takeTurn({ nowMs, signal }, TOO_MANY);
  const isOutOfTime = () => Date.now() - nowMs > MAX_COMPUTING_MS;
  const { instance, routes, added, nowSeconds } = standingProblem(standing, [wanted], nowMs);
  const shiftOf = new Map(standing.shifts.map((shift) => [shift.shiftId, shift]));
  const options = fitOptions(instance, routes, added[0]!, {
    isOutOfTime,
    earliestSeconds: nowSeconds,
  });
  return options.map(({ vehicleKey, cost, ...option }) => ({
    ...option,
    vehicleId: shiftOf.get(vehicleKey)!.vehicleId,
    marginalCost: Math.max(0, cost),
    currency: standing.day.currency,
  }));
}
