import type { InstanceVehicle } from '../../instance/instance.ts';
import type { PenalisedRoutes } from './penalised-routes.ts';
import { windowAt } from './penalised-space.ts';
import { leewayAfter, type RowFigures, STRIDE } from './row-figures.ts';
import { keepsLimits, movesIn } from './row-limits.ts';

/** What routes made of a beginning, a few pieces and an end would cost, without walking all of them. */
export class RowPrices {
  readonly #routes: PenalisedRoutes;
  readonly #figures: RowFigures;

  constructor(routes: PenalisedRoutes, figures: RowFigures) {
    this.#routes = routes;
    this.#figures = figures;
  }

  /**
   * Cost of the route with this vehicle whose row reads: its own up to the index `before`, the
   * pieces, and from the index `after` on what is there, in the row of `afterRoute`, a route with the same tail.
   * Infinity when it breaks a limit that has no price.
   */
  of(route: number, before: number, after: number, afterRoute: number): number {
    if (this.#routes.data.isTimeless) return this.#priceOfLegs(route, before, after, afterRoute);
    const routes = this.#routes;
    const { size, costs, seconds, opens, closes, service, space, hasSeveralWindows } = routes.data;
    const { sequence, pieces } = routes;
    const { ahead, behind } = this.#figures;
    const cost = costs[route]!;
    const time = seconds[route]!;
    const isTimed = space.isTimed[route] === 1;
    const end = routes.pieceCount * 3;
    let at = before * STRIDE;
    let node = sequence[before]!;
    let now = ahead[at]!;
    let warp = ahead[at + 1]!;
    let sum = ahead[at + 2]!;
    let leeway = ahead[at + 3]!;
    let waiting = ahead[at + 4]!;
    let busy = ahead[at + 5]!;
    let moved = 0;
    for (let piece = 0; piece < end; piece += 3) {
      let from = pieces[piece]!;
      const step = pieces[piece + 1]!;
      const count = pieces[piece + 2]!;
      moved += count;
      for (let left = count; left > 0; left--) {
        const next = sequence[from]!;
        const arc = node * size + next;
        sum += cost[arc]!;
        now += time[arc]!;
        let opensAt = opens[next]!;
        let closesAt = closes[next]!;
        if (hasSeveralWindows && space.hasGaps[next] === 1) {
          const window = windowAt(space.instance, next, now);
          opensAt = space.instance.windowFirst[window]!;
          closesAt = space.instance.windowLast[window]!;
        }
        if (isTimed) {
          const wait = opensAt - now;
          if (wait > leeway) waiting += wait - leeway;
          leeway = leewayAfter(leeway, wait, closesAt - now);
          busy += time[arc]! + service[next]!;
        }
        if (now > closesAt) {
          warp += now - closesAt;
          now = closesAt;
        } else if (now < opensAt) now = opensAt;
        now += service[next]!;
        node = next;
        from += step;
      }
    }
    at = after * STRIDE;
    if (moved === 0 && before === route * routes.width && after === routes.endOf(afterRoute))
      return 0;
    const last = sequence[after]!;
    const arc = node * size + last;
    sum += cost[arc]! + behind[at + 2]!;
    now += time[arc]!;
    const latest = behind[at + 1]!;
    if (now > latest) warp += now - latest;
    warp += behind[at]!;
    const vehicle = space.vehicles[route]!;
    if (
      routes.data.isLimited[route] === 1 &&
      !keepsLimits(routes, route, before, after, routes.endOf(afterRoute))
    ) {
      return Infinity;
    }
    let total = sum + vehicle.fixedCost + warp * routes.costPerWarp;
    total += routes.overloadOf(route, before, after, afterRoute) * routes.costPerOverload;
    if (space.instance.movePenalty > 0) {
      total +=
        movesIn(routes, route, before, after, routes.endOf(afterRoute)) *
        space.instance.movePenalty;
    }
    if (!isTimed) return total;
    const wait = behind[at + 3]! - now;
    if (wait > leeway) waiting += wait - leeway;
    waiting += behind[at + 4]!;
    busy += time[arc]! + behind[at + 5]!;
    const over = busy + waiting - vehicle.maxDurationSeconds;
    if (over > 0) total += over * routes.costPerWarp;
    return total + timeCost(vehicle, busy + waiting, waiting);
  }

  /** The same where times never matter. */
  #priceOfLegs(route: number, before: number, after: number, afterRoute: number): number {
    const routes = this.#routes;
    const { sequence, pieces } = routes;
    const { size, costs, space } = routes.data;
    const { legsUpTo } = this.#figures;
    const cost = costs[route]!;
    const end = routes.pieceCount * 3;
    let node = sequence[before]!;
    const last = routes.endOf(afterRoute);
    let sum = legsUpTo[before]! + legsUpTo[last]! - legsUpTo[after]!;
    let moved = 0;
    for (let piece = 0; piece < end; piece += 3) {
      let from = pieces[piece]!;
      const step = pieces[piece + 1]!;
      const count = pieces[piece + 2]!;
      moved += count;
      for (let left = count; left > 0; left--) {
        const next = sequence[from]!;
        sum += cost[node * size + next]!;
        node = next;
        from += step;
      }
    }
    if (moved === 0 && before === route * routes.width && after === last) return 0;
    sum += cost[node * size + sequence[after]!]! + space.vehicles[route]!.fixedCost;
    if (routes.data.isLimited[route] === 1 && !keepsLimits(routes, route, before, after, last)) {
      return Infinity;
    }
    sum += routes.overloadOf(route, before, after, afterRoute) * routes.costPerOverload;
    const { movePenalty } = space.instance;
    return movePenalty > 0 ? sum + movesIn(routes, route, before, after, last) * movePenalty : sum;
  }
}

/** What times cost beyond the legs, where driving and service are paid. */
export function timeCost(
  vehicle: InstanceVehicle,
  seconds: number,
  waitingSeconds: number,
): number {
  return waitingSeconds * vehicle.costPerSecond + seconds * seconds * vehicle.costPerSquaredSecond;
}
