import { OPEN, WINDOW_STRIDE, type Instance, type InstanceVehicle } from '../instance/instance.ts';
import { capacityVector, loadVector } from '../instance/loads.ts';
import { OwnWindows } from './own-windows.ts';
import { RouteMeter } from '../routes/route-times.ts';
import { serviceStart } from '../routes/service-start.ts';
import type { VehicleBlock, VehicleBlockCode } from './vehicle-block.ts';

/** What keeps an order off a vehicle that has nothing else to do. */
export class BlocksAlone {
  readonly #instance: Instance;
  readonly #open: OwnWindows;
  readonly #openMeter: RouteMeter;
  readonly #meter: RouteMeter;
  readonly #anyOrder: Uint8Array;
  /** By kind of vehicle, of the order that was asked for last. */
  readonly #known = new Map<number, readonly Miss[]>();
  #order = -1;

  constructor(instance: Instance) {
    this.#instance = instance;
    this.#open = new OwnWindows(instance);
    this.#openMeter = new RouteMeter(this.#open.instance);
    this.#meter = new RouteMeter(instance);
    this.#anyOrder = new Uint8Array(instance.orderCount).fill(1);
  }

  /** Empty when the vehicle could serve it. */
  of(vehicle: InstanceVehicle, order: number): VehicleBlock[] {
    if (order !== this.#order) {
      this.#known.clear();
      this.#order = order;
    }
    const misses = this.#known.get(vehicle.kind) ?? this.#misses(vehicle, order);
    this.#known.set(vehicle.kind, misses);
    const room = capacityVector(this.#instance.problem.vehicles[vehicle.index]!.capacity);
    return [...this.#notAllowed(vehicle, order), ...misses].map((miss) => ({
      ...miss,
      vehicle,
      room,
      isAlone: true,
    }));
  }

  #notAllowed({ index, isCapable }: InstanceVehicle, order: number): Miss[] {
    if (isCapable[order] === 1) return [];
    const { orders, vehicles } = this.#instance.problem;
    const hasAll = orders[order]!.requirements.every((requirement) =>
      vehicles[index]!.capabilities.includes(requirement),
    );
    return [{ code: hasAll ? 'LOCKED' : 'CAPABILITY', short: 0 }];
  }

  #misses(vehicle: InstanceVehicle, order: number): Miss[] {
    const nodes = this.#nodesOf(order);
    const misses: Miss[] = [];
    if (!this.#hasRoom(vehicle, order)) misses.push({ code: 'CAPACITY', short: 0 });
    if (nodes.length > vehicle.maxVisits) misses.push({ code: 'MAX_VISITS', short: 0 });
    const free = { ...vehicle, ...UNLIMITED, isCapable: this.#anyOrder };
    return [...misses, ...this.#missesOnTheRoad(vehicle, free, order, nodes)];
  }

  #missesOnTheRoad(
    vehicle: InstanceVehicle,
    free: InstanceVehicle,
    order: number,
    nodes: readonly number[],
  ): Miss[] {
    this.#open.open(order);
    const meter = this.#openMeter;
    meter.measure(free, nodes);
    this.#open.reset(order);
    const seconds = meter.endSeconds - meter.startSeconds;
    const overtime = seconds - (vehicle.shiftEndSeconds - vehicle.shiftStartSeconds);
    const tooFar = meter.meters - vehicle.maxDistanceMeters;
    const tooLong = seconds - vehicle.maxDurationSeconds;
    const misses: Miss[] = [];
    if (tooFar > 0) misses.push({ code: 'MAX_DISTANCE', short: tooFar });
    if (tooLong > 0) misses.push({ code: 'MAX_DURATION', short: tooLong });
    if (overtime > 0) misses.push({ code: 'SHIFT_DURATION', short: overtime });
    else misses.push(...this.#missInTime(vehicle, free, nodes));
    return misses;
  }

  /** It is quick enough, but perhaps not when it has to be. */
  #missInTime(
    vehicle: InstanceVehicle,
    free: InstanceVehicle,
    nodes: readonly number[],
  ): readonly Miss[] {
    const { shiftEndSeconds, maxDurationSeconds, breaks } = vehicle;
    const inShift = { ...free, shiftEndSeconds };
    if (this.#meter.measure(inShift, nodes) === Infinity) {
      return [{ code: 'TIME_WINDOW', short: this.#tooLate(vehicle, nodes) }];
    }
    const inTime = { ...inShift, maxDurationSeconds };
    if (this.#meter.measure(inTime, nodes) === Infinity) {
      const short = this.#meter.endSeconds - this.#meter.startSeconds - maxDurationSeconds;
      return [{ code: 'MAX_DURATION', short: Math.max(0, short) }];
    }
    const isPossible = this.#meter.measure({ ...inTime, breaks }, nodes) < Infinity;
    return isPossible ? [] : [{ code: 'SHIFT_DURATION', short: 0 }];
  }

  /** By how much the first window is missed that cannot be kept; negative when they open too late. */
  #tooLate(
    { shiftStartSeconds, startNode, matrix }: InstanceVehicle,
    nodes: readonly number[],
  ): number {
    const { nodeCount, windowCount, windowLast, serviceSeconds } = this.#instance;
    let previous = startNode;
    let now = shiftStartSeconds;
    for (const node of nodes) {
      const ready = now + matrix.seconds[previous * nodeCount + node]!;
      const start = serviceStart(this.#instance, node, ready);
      const closesAt = windowLast[node * WINDOW_STRIDE + windowCount[node]! - 1]!;
      if (start === Infinity) return ready - closesAt;
      now = start + serviceSeconds[node]!;
      previous = node;
    }
    return OPENS_TOO_LATE;
  }

  #hasRoom({ index }: InstanceVehicle, order: number): boolean {
    const { orders, vehicles } = this.#instance.problem;
    const capacity = capacityVector(vehicles[index]!.capacity);
    return loadVector(orders[order]!.load).every((amount, at) => amount <= capacity[at]!);
  }

  #nodesOf(order: number): number[] {
    const { pickupOf, deliveryOf } = this.#instance;
    return [pickupOf[order]!, deliveryOf[order]!].filter((visit) => visit >= 0);
  }
}

const OPENS_TOO_LATE = -1;

type Miss = { readonly code: VehicleBlockCode; readonly short: number };

const UNLIMITED = {
  shiftEndSeconds: OPEN,
  maxDistanceMeters: Infinity,
  maxDurationSeconds: Infinity,
  maxVisits: Infinity,
  capacity: new Float64Array([Infinity, Infinity, Infinity, Infinity]),
  breaks: [],
} as const;
