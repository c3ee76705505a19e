import { OPEN, type Instance, type InstanceVehicle } from '../instance/instance.ts';
import { InsertionFinder } from './insertion-finder.ts';
import { loadVector, type LoadVector } from '../instance/loads.ts';
import { OwnWindows } from './own-windows.ts';
import { roomFor } from './route-room.ts';
import { RouteMeter } from '../routes/route-times.ts';
import type { VehicleBlock, VehicleBlockCode } from './vehicle-block.ts';

/** What keeps an order off a vehicle that could serve it, if it were not for its other orders. */
export class BlocksBeside {
  readonly #instance: Instance;
  readonly #finder: InsertionFinder;
  readonly #meter: RouteMeter;
  readonly #open: OwnWindows;
  readonly #openFinder: InsertionFinder;
  /** By vehicle, then by way to be carried: the same for every order of a way. */
  readonly #rooms = new Map<InstanceVehicle, Map<string, LoadVector>>();
  readonly #relaxed = new Map<InstanceVehicle, readonly InstanceVehicle[]>();

  constructor(instance: Instance) {
    this.#instance = instance;
    this.#finder = new InsertionFinder(instance);
    this.#meter = new RouteMeter(instance);
    this.#open = new OwnWindows(instance);
    this.#openFinder = new InsertionFinder(this.#open.instance);
  }

  /**
   * null when there is a place for it: the search ended before its turn came.
   * @param nodes The vehicle's route, the same each time.
   */
  of(vehicle: InstanceVehicle, nodes: readonly number[], order: number): VehicleBlock | null {
    if (this.#finder.fits(vehicle, nodes, order)) return null;
    const room = this.#room(vehicle, nodes, order);
    const block = { vehicle, room, isAlone: false };
    const isFull = this.#load(order).some((amount, at) => amount > room[at]!);
    const [anyLoad, ...withoutLimits] = this.#relaxedVehicles(vehicle);
    if (isFull && this.#finder.fits(anyLoad!, nodes, order)) {
      return { ...block, code: 'CAPACITY', short: 0 };
    }
    for (const [index, { code, isLimited, excess }] of LIMITS.entries()) {
      if (!isLimited(vehicle)) continue;
      const relaxed = withoutLimits[index]!;
      const found = this.#finder.cheapest(relaxed, nodes, order);
      if (found === null) continue;
      this.#meter.measure(relaxed, found.nodes);
      return { ...block, code, short: Math.max(0, excess(vehicle, this.#meter)) };
    }
    if (this.#fitsAtAnyTime(vehicle, nodes, order))
      return { ...block, code: 'TIME_WINDOW', short: 0 };
    return { ...block, code: isFull ? 'CAPACITY' : 'TIME_WINDOW', short: 0 };
  }

  #fitsAtAnyTime(vehicle: InstanceVehicle, nodes: readonly number[], order: number): boolean {
    this.#open.open(order);
    const fits = this.#openFinder.fits(vehicle, nodes, order);
    this.#open.reset(order);
    return fits;
  }

  #relaxedVehicles(vehicle: InstanceVehicle): readonly InstanceVehicle[] {
    const known = this.#relaxed.get(vehicle);
    if (known) return known;
    const relaxed = [
      { ...vehicle, capacity: ANY_LOAD },
      ...LIMITS.map(({ without }) => ({ ...vehicle, ...without })),
    ];
    this.#relaxed.set(vehicle, relaxed);
    return relaxed;
  }

  #room(vehicle: InstanceVehicle, nodes: readonly number[], order: number): LoadVector {
    const { pickup, delivery } = this.#instance.problem.orders[order]!;
    const way = `${pickup === null} ${delivery === null}`;
    const rooms = this.#rooms.get(vehicle) ?? new Map<string, LoadVector>();
    this.#rooms.set(vehicle, rooms);
    const room = rooms.get(way) ?? roomFor(this.#instance, { vehicle, nodes, order });
    rooms.set(way, room);
    return room;
  }

  #load(order: number) {
    return loadVector(this.#instance.problem.orders[order]!.load);
  }
}

const ANY_LOAD = new Float64Array([Infinity, Infinity, Infinity, Infinity]);

type Limit = {
  readonly code: VehicleBlockCode;
  readonly isLimited: (vehicle: InstanceVehicle) => boolean;
  readonly without: Partial<InstanceVehicle>;
  readonly excess: (vehicle: InstanceVehicle, measured: RouteMeter) => number;
};

const LIMITS: readonly Limit[] = [
  {
    code: 'SHIFT_DURATION',
    isLimited: () => true,
    without: { shiftEndSeconds: OPEN },
    excess: ({ shiftEndSeconds }, { endSeconds }) => endSeconds - shiftEndSeconds,
  },
  {
    code: 'MAX_DISTANCE',
    isLimited: ({ maxDistanceMeters }) => maxDistanceMeters < Infinity,
    without: { maxDistanceMeters: Infinity },
    excess: ({ maxDistanceMeters }, { meters }) => meters - maxDistanceMeters,
  },
  {
    code: 'MAX_DURATION',
    isLimited: ({ maxDurationSeconds }) => maxDurationSeconds < Infinity,
    without: { maxDurationSeconds: Infinity },
    excess: ({ maxDurationSeconds }, { startSeconds, endSeconds }) =>
      endSeconds - startSeconds - maxDurationSeconds,
  },
  {
    code: 'MAX_VISITS',
    isLimited: ({ maxVisits }) => maxVisits < Infinity,
    without: { maxVisits: Infinity },
    excess: () => 0,
  },
];
