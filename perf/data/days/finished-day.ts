import { instantAt } from '../calendar.ts';
import type { Day } from '../calendar.ts';
import type { CrewPlan, DepotPlan } from '../fleet/plan.ts';
import { VEHICLE_KINDS } from '../fleet/vehicle-kinds.ts';
import { straightLineMeters } from '../geo.ts';
import { addressSource } from '../orders/addresses.ts';
import type { Address } from '../orders/addresses.ts';
import { drawGoods, drawPartner } from '../orders/goods.ts';
import type { Goods } from '../orders/goods.ts';
import { draftOrder } from '../orders/order-draft.ts';
import type { OrderDraft } from '../orders/order-draft.ts';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import { sortableId } from '../sortable-id.ts';
import { clusters } from './clusters.ts';
import { crewsOnDuty } from './duty.ts';
import { driveRoute } from './driven-route.ts';
import type { DrivenRoute, DrivenStop } from './driven-route.ts';
import { planRoute } from './planned-route.ts';

/** A depot's day that is over. */
export type FinishedDay = {
  depot: DepotPlan;
  day: Day;
  planId: string;
  routes: FinishedRoute[];
  canceled: OrderDraft[];
};

/** A route with its id and the orders of its stops. */
export type FinishedRoute = Omit<DrivenRoute, 'stops'> & { id: string; stops: FinishedStop[] };

/** A stop with its id and orders. */
export type FinishedStop = DrivenStop & { id: string; orders: FinishedOrder[] };

/** An order as it ended. `attempt` is 2 where the day before failed. */
export type FinishedOrder = OrderDraft & { attempt: number; inFull: boolean };

/** The finished day of a depot, the same for the same depot and day; `stopShare` thins it out. */
export function finishedDay(
  depot: DepotPlan,
  day: Day,
  { stopShare = 1 }: { stopShare?: number } = {},
): FinishedDay {
  const random = createRandom(`finished/${depot.code}/${day}`);
  const planId = sortableId(random, instantAt(day, -300, depot.timeZone));
  const crews = crewsOnDuty(depot, day);
  const dayFactor = Math.max(0.94, random.normal(1, 0.035)) * (random.chance(0.08) ? 1.16 : 1);
  const work = distribute(random, { depot, crews, volume: stopShare * random.between(0.94, 1.05) });
  let sequence = 0;
  const routes = work
    .map(({ crew, addresses }) => planRoute(random, { depot, crew, day, addresses }))
    .filter((plan) => plan.stops.length > 0)
    .map((plan) => {
      const route = driveRoute(random, plan, dayFactor);
      const stops = route.stops.map((stop) =>
        withOrders(random, { route, stop, number: () => sequence++ }),
      );
      return { ...route, id: sortableId(random, route.start - 7_200_000), stops };
    });
  const canceled = cancelOrders(random, { depot, day, routes, number: () => sequence++ });
  return { depot, day, planId, routes, canceled };
}

/** Bikes take what is near the depot, the others a compact area each. */
function distribute(
  random: Random,
  { depot, crews, volume }: { depot: DepotPlan; crews: CrewPlan[]; volume: number },
): { crew: CrewPlan; addresses: Address[] }[] {
  const sizeOf = (crew: CrewPlan): number =>
    Math.max(1, Math.round(VEHICLE_KINDS[crew.vehicle.kind].stopsPerDay * volume));
  const bikes = crews.filter((crew) => crew.vehicle.kind === 'CARGO_BIKE');
  const others = crews.filter((crew) => crew.vehicle.kind !== 'CARGO_BIKE');
  const draw = addressSource(depot.territory);
  const count = crews.reduce((total, crew) => total + sizeOf(crew), 0);
  const addresses = Array.from({ length: count }, () => draw(random)).toSorted(
    (one, other) =>
      straightLineMeters(depot.point, one.point) - straightLineMeters(depot.point, other.point),
  );
  const near = addresses.splice(
    0,
    bikes.reduce((total, crew) => total + sizeOf(crew), 0),
  );
  const groups = [...clusters(near, bikes.map(sizeOf)), ...clusters(addresses, others.map(sizeOf))];
  return [...bikes, ...others].map((crew, index) => ({ crew, addresses: groups[index] ?? [] }));
}

function withOrders(
  random: Random,
  { route, stop, number }: { route: DrivenRoute; stop: DrivenStop; number: () => number },
): FinishedStop {
  const { depot, crew, day } = route;
  const partner = drawPartner(depot, random);
  const count = random.chance(0.1) ? 2 : 1;
  const meanWeightKg = VEHICLE_KINDS[crew.vehicle.kind].visitWeightKg / count;
  const orders = Array.from({ length: count }, () => {
    const goods = servable(drawGoods(random, { partner, meanWeightKg }), crew);
    const { address, window, serviceSeconds } = stop;
    const windows = window === null ? [] : [window];
    const draft = draftOrder(random, {
      depot,
      day,
      address,
      goods,
      windows,
      serviceSeconds,
      sequence: number(),
    });
    const inFull = stop.failure === null && !(goods.pieces > 1 && random.chance(0.05));
    return { ...draft, attempt: random.chance(0.03) ? 2 : 1, inFull };
  });
  return { ...stop, id: sortableId(random, route.start - 7_200_000 + stop.sequence), orders };
}

// Whoever planned the day gave an order to a vehicle that can serve it.
function servable(goods: Goods, { vehicle }: CrewPlan): Goods {
  const requirements = goods.requirements.filter((name) => vehicle.capabilities.includes(name));
  return { ...goods, requirements };
}

function cancelOrders(
  random: Random,
  of: { depot: DepotPlan; day: Day; routes: readonly FinishedRoute[]; number: () => number },
): OrderDraft[] {
  const { depot, day, routes, number } = of;
  const stopCount = routes.reduce((total, { stops }) => total + stops.length, 0);
  const draw = addressSource(depot.territory);
  return Array.from({ length: Math.round(stopCount * 0.008) }, () =>
    draftOrder(random, {
      depot,
      day,
      windows: [],
      serviceSeconds: 120,
      sequence: number(),
      address: draw(random),
      goods: drawGoods(random, { partner: drawPartner(depot, random), meanWeightKg: 5 }),
    }),
  );
}
