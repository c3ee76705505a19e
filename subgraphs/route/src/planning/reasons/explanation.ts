import { BlocksAlone } from './blocks-alone.ts';
import { BlocksBeside } from './blocks-beside.ts';
import { Displacements, type ForcedInsertion } from './displacement.ts';
import { explainBlocks } from './explanation-text.ts';
import { countText, listText } from './figure-text.ts';
import type { Instance } from '../instance/instance.ts';
import type { UnassignedOrder, UnassignedReason } from '../solution.ts';
import { BLOCK_CODES, type VehicleBlock } from './vehicle-block.ts';

/**
 * Why orders are left out. Every vehicle is asked what keeps the order off it: first as if it had
 * nothing else to do, then beside its other orders. The reason that holds for most vehicles comes
 * first. When a vehicle could serve it alone, DISPLACED comes last: what would have to go instead.
 *
 * What it takes is bounded whatever the problem: the first orders are looked at closely, the rest
 * (thousands that a run had no time for) alone and by room and hours only.
 *
 * @param routes By vehicle: its visits and reloads.
 * @param orders Those that are left out, most important first; the answer is in this order.
 */
export function explainUnassigned(
  instance: Instance,
  routes: readonly (readonly number[])[],
  orders: readonly number[],
): UnassignedOrder[] {
  const explanation = new Explanation(instance, routes);
  return orders.map((order) => explanation.of(order));
}

/** Nodes that are walked over, about: half a second. */
const CLOSE_LOOKS = 1e7;

/** What it takes to see what would have to go, in walks over every position of one route. */
const DISPLACING = 24;

class Explanation {
  readonly #instance: Instance;
  readonly #routes: readonly (readonly number[])[];
  readonly #alone: BlocksAlone;
  readonly #beside: BlocksBeside;
  readonly #displacements: Displacements;
  readonly #effortPerOrder: number;
  #effort = 0;

  constructor(instance: Instance, routes: readonly (readonly number[])[]) {
    this.#instance = instance;
    this.#routes = routes;
    this.#alone = new BlocksAlone(instance);
    this.#beside = new BlocksBeside(instance);
    this.#displacements = new Displacements(instance);
    this.#effortPerOrder = effortPerOrder(instance, routes);
  }

  of(order: number): UnassignedOrder {
    const { problem, vehicles } = this.#instance;
    const orderKey = problem.orders[order]!.key;
    if (vehicles.length === 0) return { orderKey, reasons: [NOBODY] };
    const alone = vehicles.flatMap((vehicle) => this.#alone.of(vehicle, order));
    const excluded = new Set(alone.map(({ vehicle }) => vehicle));
    const suitable = vehicles.filter((vehicle) => !excluded.has(vehicle));
    if (suitable.length === 0) return { orderKey, reasons: this.#reasons(order, alone) };
    this.#effort += this.#effortPerOrder;
    if (this.#effort > CLOSE_LOOKS) {
      return { orderKey, reasons: [...this.#reasons(order, alone), takenText(suitable.length)] };
    }
    const beside = suitable.map((vehicle) =>
      this.#beside.of(vehicle, this.#routes[vehicle.index]!, order),
    );
    const blocks = beside.filter((block) => block !== null);
    const reasons = this.#reasons(order, [...alone, ...blocks]);
    if (blocks.length < suitable.length) return { orderKey, reasons };
    const forced = this.#displacements.leastHarmful(suitable, this.#routes, order);
    return { orderKey, reasons: forced ? [...reasons, this.#displaced(forced)] : reasons };
  }

  #reasons(order: number, blocks: readonly VehicleBlock[]): UnassignedReason[] {
    return Array.from(Map.groupBy(blocks, ({ code }) => code))
      .toSorted(([a, as], [b, bs]) => bs.length - as.length || rank(a) - rank(b))
      .map(([code, ofCode]) => ({
        code,
        message: explainBlocks({
          instance: this.#instance,
          order: this.#instance.problem.orders[order]!,
          blocks: ofCode,
        }),
      }));
  }

  #displaced({ vehicle, displaced, costDelta }: ForcedInsertion): UnassignedReason {
    const { orders, vehicles } = this.#instance.problem;
    const inTheWay = displaced.map((order) => orders[order]!);
    const priorities = [...new Set(inTheWay.map(({ priority }) => Math.floor(priority)))].toSorted(
      (a, b) => a - b,
    );
    const cost = Math.abs(costDelta).toFixed(2);
    const change = costDelta >= 0 ? `${cost} more` : `${cost} less`;
    return {
      code: 'DISPLACED',
      message: `It would fit in the place of ${countText(displaced.length, 'order')} of priority ${listText(priorities.map(String))}; the plan would cost ${change}.`,
      displacement: {
        vehicleKey: vehicles[vehicle.index]!.key,
        orderKeys: inTheWay.map(({ key }) => key),
        costDelta,
      },
    };
  }
}

const NOBODY: UnassignedReason = { code: 'NO_VEHICLE', message: 'No vehicle is on shift.' };

/** Without looking closely. */
function takenText(suitable: number): UnassignedReason {
  return {
    code: 'DISPLACED',
    message: `Other orders were put first on ${countText(suitable, 'suitable vehicle')}.`,
  };
}

function effortPerOrder(
  { visitCount, orderCount }: Instance,
  routes: readonly (readonly number[])[],
): number {
  // A pair has two positions to choose.
  const exponent = visitCount > orderCount ? 3 : 2;
  const efforts = routes.map(({ length }) => (length + 1) ** exponent);
  const toDisplace = DISPLACING * Math.max(...efforts);
  return efforts.reduce((sum, effort) => sum + effort, toDisplace);
}

function rank(code: VehicleBlock['code']): number {
  return BLOCK_CODES.indexOf(code);
}
