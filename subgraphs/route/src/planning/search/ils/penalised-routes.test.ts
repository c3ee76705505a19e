import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compileProblem } from '../../instance/compile-problem.ts';
import type { Instance } from '../../instance/instance.ts';
import { seededRandom } from '../../random.ts';
import { RouteMeter } from '../../routes/route-times.ts';
import {
  anyPlainProblem,
  anyProblemOfParts,
  anyProblemWithoutTimes,
} from '../../testing/arbitrary-problem.ts';
import { searchSpace } from '../search-space.ts';
import { AbsentVisits } from './absent-visits.ts';
import { LocalSearch } from './local-search.ts';
import { PenalisedRoutes } from './penalised-routes.ts';
import { isPenalisable, penalisedSpace, windowAt } from './penalised-space.ts';
import { Perturbation } from './perturbation.ts';
import { proximityOf } from './proximity.ts';
import { UndoLog } from './undo-log.ts';
import { VisitQueue } from './visit-queue.ts';

/** Random days with every visit in some route, late and overloaded as it comes. */
function forAnyRoutes(check: (routes: PenalisedRoutes, seed: number) => void, numRuns: number) {
  fc.assert(
    fc.property(anyDay(), fc.nat(), (problem, seed) => {
      const space = searchSpace(compileProblem(problem));
      fc.pre(isPenalisable(space.instance));
      const random = seededRandom(seed);
      const routes = new PenalisedRoutes(penalisedSpace(space));
      const rows = space.vehicles.map((): number[] => []);
      for (let visit = 0; visit < space.visitCount; visit++) {
        const row = rows[Math.floor(random() * rows.length)]!;
        row.splice(Math.floor(random() * (row.length + 1)), 0, visit);
      }
      rows.forEach((row, route) => routes.set(route, row));
      routes.costPerWarp = random() * 10;
      routes.costPerOverload = random() * 1_000;
      routes.reprice();
      check(routes, seed);
    }),
    { numRuns },
  );
}

function anyDay() {
  return fc.oneof(anyPlainProblem(), anyProblemOfParts(), anyProblemWithoutTimes());
}

function visitsOf(routes: PenalisedRoutes, route: number): number[] {
  return Array.from(routes.sequence.slice(routes.firstOf(route), routes.endOf(route)));
}

/** Legs, time warp and overload, one visit after the other. */
function walk({ data }: PenalisedRoutes, route: number, visits: readonly number[]) {
  const { space, costs, seconds, size } = data;
  const { instance, vehicles, endNodes } = space;
  const vehicle = vehicles[route]!;
  let node = vehicle.startNode;
  let now = vehicle.shiftStartSeconds;
  let legs = 0;
  let warp = 0;
  for (const visit of visits) {
    legs += costs[route]![node * size + visit]!;
    now += seconds[route]![node * size + visit]!;
    const window = windowAt(instance, visit, now);
    now = Math.max(now, instance.windowFirst[window]!);
    const late = Math.max(0, now - instance.windowLast[window]!);
    warp += late;
    now += instance.serviceSeconds[visit]! - late;
    node = visit;
  }
  legs += costs[route]![node * size + endNodes[route]!]!;
  now += seconds[route]![node * size + endNodes[route]!]!;
  warp += Math.max(0, now - vehicle.shiftEndSeconds);
  const overload = data.shares.reduce((sum, share, dimension) => {
    const units = highestLoad(instance, visits, dimension);
    return sum + Math.max(0, units - vehicle.capacity[dimension]!) * share;
  }, 0);
  return { legs, warp, overload };
}

function isOverloaded({ data }: PenalisedRoutes, route: number, visits: readonly number[]) {
  const { instance, vehicles } = data.space;
  return vehicles[route]!.capacity.some(
    (capacity, dimension) => highestLoad(instance, visits, dimension) > capacity,
  );
}

function moveCosts({ data }: PenalisedRoutes, route: number, visits: readonly number[]): number {
  const { presentVehicle, orderOf, movePenalty } = data.space.instance;
  const moved = visits.filter((visit) => {
    const present = presentVehicle[orderOf[visit]!]!;
    return present >= 0 && present !== route;
  });
  return moved.length * movePenalty;
}

function highestLoad(instance: Instance, visits: readonly number[], dimension: number): number {
  const loads = visits.map((visit) => {
    return instance.load[instance.orderOf[visit]! * instance.dimensions + dimension]!;
  });
  const sum = (list: readonly number[]) => list.reduce((total, load) => total + load, 0);
  const isPicked = (at: number) => instance.isPickup[visits[at]!] === 1;
  const legs = Array.from({ length: visits.length + 1 }, (_, leg) =>
    sum(loads.filter((__, at) => isPicked(at) === at < leg)),
  );
  return Math.max(...legs);
}

function assertNear(actual: number, expected: number): void {
  if (actual === expected) return;
  const tolerance = 1e-6 * Math.max(1, Math.abs(expected));
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

function assertConsistent(routes: PenalisedRoutes): void {
  let total = 0;
  for (let route = 0; route < routes.routeCount; route++) {
    const visits = visitsOf(routes, route);
    const walked = walk(routes, route, visits);
    if (visits.length > 0) {
      const { maxDurationSeconds } = routes.data.space.vehicles[route]!;
      if (maxDurationSeconds === Infinity) assertNear(routes.warp[route]!, walked.warp);
      assertNear(routes.overload[route]!, walked.overload);
      assert.equal(routes.overload[route]! > 0, isOverloaded(routes, route, visits));
    }
    const first = routes.firstOf(route);
    routes.pieceCount = 0;
    const price = routes.price(route, first - 1, first, route);
    // Routes drawn at random may break limits that have no price.
    if (price < Infinity) assertNear(price, routes.cost[route]!);
    visits.forEach((visit, at) => {
      assert.equal(routes.position[visit], first + at);
      assert.equal(routes.routeOf[visit], route);
    });
    total += routes.cost[route]!;
  }
  assertNear(routes.totalCost, total);
}

function searchOf(routes: PenalisedRoutes, seed: number) {
  const log = new UndoLog(routes);
  const queue = new VisitQueue(routes.position.length);
  const near = proximityOf(routes.data, 5);
  const random = seededRandom(seed);
  const prices = new Float64Array(routes.position.length).fill(seed % 2 === 0 ? Infinity : 3);
  const absent = new AbsentVisits(routes.data.space, prices);
  return {
    log,
    queue,
    localSearch: new LocalSearch(routes, near, log, queue),
    perturbation: new Perturbation({ routes, around: near, absent, log, queue, random }),
    absent,
  };
}

test('a route put together from parts costs what it costs walked from its start', () => {
  forAnyRoutes((routes, seed) => {
    const random = seededRandom(seed);
    for (let route = 0; route < routes.routeCount; route++) {
      const { maxDistanceMeters, maxVisits, maxDurationSeconds } =
        routes.data.space.vehicles[route]!;
      if (Math.min(maxDistanceMeters, maxVisits, maxDurationSeconds) < Infinity) continue;
      if (routes.data.space.isTimed[route] === 1) continue;
      // The windows behind a change are priced as they are kept without it.
      if (routes.data.hasSeveralWindows) continue;
      const visits = visitsOf(routes, route);
      const from = Math.floor(random() * (visits.length + 1));
      const to = from + Math.floor(random() * (visits.length - from + 1));
      const first = routes.firstOf(route);
      const turned = visits.slice(from, to).toReversed();
      routes.pieces.set([first + to - 1, -1, to - from]);
      routes.pieceCount = 1;
      const price = routes.price(route, first + from - 1, first + to, route);
      const row = [...visits.slice(0, from), ...turned, ...visits.slice(to)];
      if (row.length === 0) {
        assert.equal(price, 0);
        continue;
      }
      const { legs, warp, overload } = walk(routes, route, row);
      const { fixedCost } = routes.data.space.vehicles[route]!;
      const penalties = warp * routes.costPerWarp + overload * routes.costPerOverload;
      assertNear(price, legs + fixedCost + penalties + moveCosts(routes, route, row));
    }
  }, 500);
});

test('a feasible route costs what it is measured, or less where slack before the end of a window is spared', () => {
  forAnyRoutes((routes) => {
    const meter = new RouteMeter(routes.data.space.instance);
    for (let route = 0; route < routes.routeCount; route++) {
      if (routes.warp[route]! > 0 || routes.overload[route]! > 0) continue;
      const vehicle = routes.data.space.vehicles[route]!;
      const measured = meter.measure(vehicle, visitsOf(routes, route));
      if (measured === Infinity) continue;
      const cost = routes.cost[route]! - moveCosts(routes, route, visitsOf(routes, route));
      if (routes.data.space.isTimed[route] === 0) assertNear(cost, measured);
      else if (!routes.data.hasSeveralWindows) assert.ok(cost <= measured * (1 + 1e-6));
    }
  }, 500);
});

test('local search lowers the cost by what its moves were priced at, and loses no visit', () => {
  forAnyRoutes((routes, seed) => {
    const { localSearch, queue } = searchOf(routes, seed);
    for (let visit = 0; visit < routes.position.length; visit++) queue.add(visit);
    const before = routes.totalCost;
    localSearch.run();
    assert.ok(routes.totalCost <= before + 1e-6 * Math.max(1, before));
    assertConsistent(routes);
    const visits = routes.visits.reduce((sum, count) => sum + count, 0);
    assert.equal(visits, routes.position.length);
  }, 500);
});

test('a step that is undone leaves everything as it was', () => {
  forAnyRoutes((routes, seed) => {
    const { localSearch, perturbation, log, absent } = searchOf(routes, seed);
    const rows = () =>
      Array.from({ length: routes.routeCount }, (_, route) => visitsOf(routes, route));
    const before = rows();
    const cost = routes.totalCost;
    for (let step = 0; step < 5; step++) {
      perturbation.run();
      localSearch.run();
      log.undo();
      absent.restore();
      assert.equal(absent.count, 0);
      assert.deepEqual(rows(), before);
      assertNear(routes.totalCost, cost);
      assertConsistent(routes);
    }
  }, 300);
});
