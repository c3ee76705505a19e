import type { Day } from '../calendar.ts';
import type { DepotPlan } from '../fleet/plan.ts';
import { addressSource } from '../orders/addresses.ts';
import { drawGoods, drawPartner } from '../orders/goods.ts';
import type { Goods } from '../orders/goods.ts';
import { draftOrder } from '../orders/order-draft.ts';
import type { OrderDraft } from '../orders/order-draft.ts';
import { orderRow } from '../orders/order-row.ts';
import { drawWindows } from '../orders/windows.ts';
import type { Rows } from '../load/tables.ts';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import { createdEvent } from './order-events.ts';

/** A day's open orders come in two parts: some two days ahead, the rest on the day before. */
export type OpenPart = 'open-early' | 'open-late';

const EARLY_SHARE = 0.35;
// Apart from the numbers of finished orders of the same day.
const FIRST_SEQUENCE = { 'open-early': 20_000, 'open-late': 30_000 } as const;

/** Open orders of a depot's day, the same for the same depot, day, part and count. */
export function openOrders(
  depot: DepotPlan,
  day: Day,
  { part, ordersPerDay }: { part: OpenPart; ordersPerDay: number },
): OrderDraft[] {
  const random = createRandom(`${part}/${depot.code}/${day}`);
  const early = Math.round(ordersPerDay * EARLY_SHARE);
  const count = part === 'open-early' ? early : ordersPerDay - early;
  const draw = addressSource(depot.territory);
  return Array.from({ length: count }, (_, index) => {
    const order = draftOrder(random, {
      depot,
      day,
      sequence: FIRST_SEQUENCE[part] + index,
      address: draw(random),
      goods: drawOpenGoods(depot, random),
      windows: drawWindows(random, day, depot.timeZone),
      serviceSeconds: 10 * random.integer(9, 24),
    });
    return part === 'open-early' ? { ...order, createdAt: order.createdAt - 86_400_000 } : order;
  });
}

/** Their rows. */
export function openRows(orders: readonly OrderDraft[]): Rows {
  return {
    'route.orders': orders.map((order) =>
      orderRow(order, {
        status: 'ACCEPTED',
        stopId: null,
        promised: null,
        finishedAt: null,
        attempt: 1,
        version: 1,
      }),
    ),
    'route.order_events': orders.map(createdEvent),
  };
}

/** Mostly parcels, some furniture, a few pallets; one in 150 needs what no vehicle has. */
function drawOpenGoods(depot: DepotPlan, random: Random): Goods {
  const partner = drawPartner(depot, random);
  const meanWeightKg = random.chance(0.035) ? 140 : random.chance(0.05) ? 32 : 6;
  const goods = drawGoods(random, { partner, meanWeightKg });
  if (!random.chance(1 / 150)) return goods;
  return { ...goods, requirements: [...goods.requirements, 'crane'] };
}
