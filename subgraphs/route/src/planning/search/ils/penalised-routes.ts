import { type Instance, type InstanceVehicle, WINDOW_STRIDE } from '../../instance/instance.ts';

/**
 * Routes that may be late or overloaded at a price.
 *
 * Route r is the row `rowStart(r)...` of one array: its start node, its visits, its end node. Time
 * follows Vidal's time warp: whoever is late is set back to the end of the window and pays for the
 * seconds of it. Each position carries the figures of the route up to and including it (`ahead`) and from
 * it on (`behind`), so a new route made of a beginning, a few nodes and an end is priced without walking it.
 */
export class PenalisedRoutes {
  readonly instance: Instance;
  readonly vehicles: readonly InstanceVehicle[];
  readonly nodeCount: number;
  readonly width: number;
  readonly sequence: Int32Array;
  /** Visits of each route. */
  readonly visits: Int32Array;
  /** By visit: where it is in `sequence`, or -1 while it is in no route. */
  readonly position: Int32Array;
  readonly routeOf: Int32Array;
  readonly ahead: Float64Array;
  readonly behind: Float64Array;

  readonly cost: Float64Array;
  /** What of a route's cost is no arc's: how much a change can gain beyond its arcs. */
  readonly slack: Float64Array;
  readonly warp: Float64Array;
  readonly overload: Float64Array;
  /** When each route changed last, in steps of `clock`. */
  readonly changed: Float64Array;
  clock = 1;
  totalCost = 0;
  totalWarp = 0;
  totalOverload = 0;

  costPerWarp = 1;
  costPerOverload = 1;

  readonly meters: Int32Array;
  readonly seconds: Int32Array;
  readonly service: Float64Array;
  readonly opens: Float64Array;
  readonly closes: Float64Array;
  readonly demand: Float64Array;

  /** Pieces of a route to be: `from` in `sequence`, step 1 or -1, how many. */
  readonly pieces = new Int32Array(12);
  pieceCount = 0;

  constructor(instance: Instance) {
    this.instance = instance;
    this.vehicles = instance.vehicles;
    this.nodeCount = instance.nodeCount;
    this.width = instance.visitCount + 2;
    const routes = instance.vehicles.length;
    const size = (routes + 1) * this.width;
    this.sequence = new Int32Array(size);
    this.visits = new Int32Array(routes);
    this.position = new Int32Array(instance.visitCount).fill(-1);
    this.routeOf = new Int32Array(instance.visitCount).fill(-1);
    this.ahead = new Float64Array(size * STRIDE);
    this.behind = new Float64Array(size * STRIDE);
    this.cost = new Float64Array(routes);
    this.slack = new Float64Array(routes);
    this.changed = new Float64Array(routes);
    this.warp = new Float64Array(routes);
    this.overload = new Float64Array(routes);
    const matrix = instance.vehicles[0]!.matrix;
    this.meters = matrix.meters;
    this.seconds = matrix.seconds;
    this.service = Float64Array.from(instance.serviceSeconds);
    this.opens = new Float64Array(instance.nodeCount);
    this.closes = new Float64Array(instance.nodeCount);
    for (let node = 0; node < instance.nodeCount; node += 1) {
      this.opens[node] = instance.windowFirst[node * WINDOW_STRIDE]!;
      this.closes[node] = instance.windowLast[node * WINDOW_STRIDE]!;
    }
    this.demand = new Float64Array(instance.nodeCount);
    for (let visit = 0; visit < instance.visitCount; visit += 1)
      this.demand[visit] = instance.load[instance.orderOf[visit]! * instance.dimensions]!;
    for (let route = 0; route < routes; route += 1) this.rebuild(route);
  }

  rowStart(route: number): number {
    return route * this.width;
  }

  /** The spare row after the last route: a place for a visit that is about to be inserted. */
  get spare(): number {
    return this.visits.length * this.width;
  }

  /** Cost of the route whose row reads: up to `before`, the pieces, from `after` on. */
  price(route: number, before: number, after: number): number {
    const { sequence, ahead, behind, meters, seconds, opens, closes, service, demand, nodeCount } =
      this;
    const pieces = this.pieces;
    let node = sequence[before]!;
    const b = before * STRIDE;
    let now = ahead[b]!;
    let warp = ahead[b + 1]!;
    let distance = ahead[b + 2]!;
    let load = ahead[b + 3]!;
    const end = this.pieceCount * 3;
    let moved = 0;
    for (let piece = 0; piece < end; piece += 3) {
      let from = pieces[piece]!;
      const step = pieces[piece + 1]!;
      const count = pieces[piece + 2]!;
      moved += count;
      for (let i = 0; i < count; i += 1) {
        const next = sequence[from]!;
        const arc = node * nodeCount + next;
        distance += meters[arc]!;
        now += seconds[arc]!;
        const last = closes[next]!;
        if (now > last) {
          warp += now - last;
          now = last;
        } else if (now < opens[next]!) now = opens[next]!;
        now += service[next]!;
        load += demand[next]!;
        node = next;
        from += step;
      }
    }
    const a = after * STRIDE;
    const last = sequence[after]!;
    const arc = node * nodeCount + last;
    distance += meters[arc]! + behind[a + 2]!;
    now += seconds[arc]!;
    if (now > behind[a + 1]!) warp += now - behind[a + 1]!;
    warp += behind[a]!;
    load += behind[a + 3]!;
    if (moved === 0 && before % this.width === 0 && this.isEnd(after)) return 0;
    const over = load - this.vehicles[route]!.capacity[0]!;
    return distance + warp * this.costPerWarp + (over > 0 ? over * this.costPerOverload : 0);
  }

  isEnd(index: number): boolean {
    const route = (index / this.width) | 0;
    return index === route * this.width + this.visits[route]! + 1;
  }

  rebuild(route: number): void {
    this.clock += 1;
    this.changed[route] = this.clock;
    const { sequence, ahead, behind, meters, seconds, opens, closes, service, demand, nodeCount } =
      this;
    const vehicle = this.vehicles[route]!;
    const first = this.rowStart(route);
    const count = this.visits[route]!;
    const last = first + count + 1;
    sequence[first] = vehicle.startNode;
    sequence[last] = vehicle.endNode;
    let now = vehicle.shiftStartSeconds;
    let warp = 0;
    let distance = 0;
    let load = 0;
    let node = vehicle.startNode;
    let o = first * STRIDE;
    ahead[o] = now;
    ahead[o + 1] = 0;
    ahead[o + 2] = 0;
    ahead[o + 3] = 0;
    for (let index = first + 1; index < last; index += 1) {
      const next = sequence[index]!;
      this.position[next] = index;
      this.routeOf[next] = route;
      const arc = node * nodeCount + next;
      distance += meters[arc]!;
      now += seconds[arc]!;
      if (now > closes[next]!) {
        warp += now - closes[next]!;
        now = closes[next]!;
      } else if (now < opens[next]!) now = opens[next]!;
      now += service[next]!;
      load += demand[next]!;
      o += STRIDE;
      ahead[o] = now;
      ahead[o + 1] = warp;
      ahead[o + 2] = distance;
      ahead[o + 3] = load;
      node = next;
    }
    const endArc = node * nodeCount + vehicle.endNode;
    now += seconds[endArc]!;
    if (now > vehicle.shiftEndSeconds) warp += now - vehicle.shiftEndSeconds;
    distance += meters[endArc]!;
    // behind: 0 warp, 1 latest, 2 distance, 3 load, 4 earliest, 5 net
    o = last * STRIDE;
    let bWarp = 0;
    let latest = vehicle.shiftEndSeconds;
    let earliest = vehicle.shiftStartSeconds;
    let net = 0;
    let bDistance = 0;
    let bLoad = 0;
    behind[o] = 0;
    behind[o + 1] = latest;
    behind[o + 2] = 0;
    behind[o + 3] = 0;
    node = vehicle.endNode;
    for (let index = last - 1; index > first; index -= 1) {
      const here = sequence[index]!;
      const arc = here * nodeCount + node;
      const t = seconds[arc]! + service[here]!;
      bDistance += meters[arc]!;
      bLoad += demand[here]!;
      // node segment [opens, closes] then t then the segment behind
      const o1 = opens[here]!;
      const c1 = closes[here]!;
      const wait = earliest - t - c1;
      const late = o1 + t - latest;
      // Vidal's concatenation of one node with what is behind it
      const dWait = wait > 0 ? wait : 0;
      const dWarp = late > 0 ? late : 0;
      net += t + dWait - dWarp;
      bWarp += dWarp;
      const e = earliest - t;
      earliest = (e > o1 ? e : o1) - dWait;
      const l = latest - t;
      latest = (l < c1 ? l : c1) + dWarp;
      o -= STRIDE;
      behind[o] = bWarp;
      behind[o + 1] = latest;
      behind[o + 2] = bDistance;
      behind[o + 3] = bLoad;
      behind[o + 4] = earliest;
      behind[o + 5] = net;
      node = here;
    }
    const over = load - vehicle.capacity[0]!;
    if (count === 0) distance = 0;
    this.totalWarp += warp - this.warp[route]!;
    this.warp[route] = warp;
    const overload = over > 0 ? over : 0;
    this.totalOverload += overload - this.overload[route]!;
    this.overload[route] = overload;
    const slack = warp * this.costPerWarp + overload * this.costPerOverload;
    const cost = distance + slack;
    this.slack[route] = slack;
    this.totalCost += cost - this.cost[route]!;
    this.cost[route] = cost;
  }

  /** After a change of the prices. */
  reprice(): void {
    this.totalCost = 0;
    for (let route = 0; route < this.visits.length; route += 1) {
      const distance = this.cost[route]! - this.slack[route]!;
      const slack =
        this.warp[route]! * this.costPerWarp + this.overload[route]! * this.costPerOverload;
      this.slack[route] = slack;
      this.cost[route] = distance + slack;
      this.totalCost += this.cost[route]!;
    }
  }
}

export const STRIDE = 8;
