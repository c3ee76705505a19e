import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compileProblem } from '../instance/compile-problem.ts';
import { type Random, seededRandom } from '../random.ts';
import { RouteMeter } from '../routes/route-times.ts';
import { anyProblem } from '../testing/arbitrary-problem.ts';
import { InsertionPrices } from './insertion-prices.ts';
import { NearVisits } from './near-visits.ts';
import { Neighbours } from './neighbours.ts';
import { reloadOf, secondSlotOf, slotOf, NO_RELOAD } from './place.ts';
import { PlaceFinder } from './place-finder.ts';
import { Plan } from './plan.ts';
import { Recreate } from './recreate.ts';
import { RouteRows } from './route-rows.ts';
import { Ruin } from './ruin.ts';
import { searchSpace } from './search-space.ts';
import { SortOrders } from './sort-orders.ts';

function searcher(problem: Parameters<typeof compileProblem>[0], random: Random) {
  const space = searchSpace(compileProblem(problem));
  const plan = new Plan(space);
  const prices = new InsertionPrices(plan);
  const finder = new PlaceFinder(plan, prices, new NearVisits(space, 25), random);
  const recreate = new Recreate(plan, finder, new SortOrders(space, random));
  const ruin = new Ruin(plan, new Neighbours(space), random, {
    averageVisits: 4,
    longestString: 4,
  });
  const step = () => {
    ruin.run();
    recreate.run();
    if (plan.change < 0 || (random() < 0.3 && plan.change < Infinity)) plan.commit();
    else plan.rollBack();
  };
  recreate.run();
  if (plan.change < Infinity) plan.commit();
  else plan.rollBack();
  return { space, plan, prices, step };
}

/** Every way to put the order's visits into the route that leaves what is frozen in its place. */
function insertions(plan: Plan, order: number, route: number): number[][] {
  const { firstVisit, secondVisit, vehicles } = plan.space;
  const nodes = plan.rows.visits(route);
  const second = secondVisit[order]!;
  const found: number[][] = [];
  for (let at = vehicles[route]!.frozenVisits; at <= nodes.length; at++) {
    const withFirst = nodes.toSpliced(at, 0, firstVisit[order]!);
    if (second < 0) found.push(withFirst);
    else
      for (let to = at + 1; to <= withFirst.length; to++)
        found.push(withFirst.toSpliced(to, 0, second));
  }
  return found;
}

function inserted(plan: Plan, order: number, route: number, place: number): number[] {
  const { firstVisit, secondVisit } = plan.space;
  const nodes = plan.rows.visits(route);
  const second = secondVisit[order]!;
  const withSecond = second < 0 ? nodes : nodes.toSpliced(secondSlotOf(place), 0, second);
  return withSecond.toSpliced(slotOf(place), 0, firstVisit[order]!);
}

/** Of every absent order and every route: what the scans say, and what the meter says. */
function* pricedPlaces({ plan, prices, space }: ReturnType<typeof searcher>) {
  const meter = new RouteMeter(space.instance);
  for (const order of plan.absent.subarray(0, plan.absentCount)) {
    for (const [route, vehicle] of space.vehicles.entries()) {
      const before = plan.costOf(route);
      if (before === Infinity) continue;
      const at = prices.at(order, route, Infinity);
      const price = prices.prices[at]!;
      const place = prices.places[at]!;
      const cheapest = Math.min(
        ...insertions(plan, order, route).map((nodes) => meter.measure(vehicle, nodes) - before),
      );
      const hasReload = price < Infinity && reloadOf(place) !== NO_RELOAD;
      const measured =
        price < Infinity && !hasReload
          ? meter.measure(vehicle, inserted(plan, order, route, place)) - before
          : price;
      const isExact = space.isTimed[route] === 0 || prices.isWalked(order, route);
      const isPlain = space.isTimed[route] === 0 && !prices.isWalked(order, route);
      yield { price, measured, cheapest, hasReload, isExact, isPlain };
    }
  }
}

function assertNear(actual: number, expected: number): void {
  if (actual === expected) return;
  assert.ok(
    Math.abs(actual - expected) <= 1e-6 * (1 + Math.abs(expected)),
    `${actual}, ${expected}`,
  );
}

test('prices of insertions are what the route costs more', () => {
  let seen = 0;
  fc.assert(
    fc.property(anyProblem(), fc.nat(), (problem, seed) => {
      const tried = searcher(problem, seededRandom(seed));
      for (let step = 0; step < 5; step++) tried.step();
      tried.plan.remove(Int32Array.from(removable(tried.plan)), removable(tried.plan).length);
      for (const { price, measured, cheapest, hasReload, isExact, isPlain } of pricedPlaces(
        tried,
      )) {
        seen++;
        assert.ok(measured < Infinity || price === Infinity, 'it fits where the scan says');
        if (isExact) assertNear(price, measured);
        if (isPlain && !hasReload) assertNear(price, cheapest);
        if (price === Infinity)
          assert.equal(cheapest, Infinity, 'it fits where the scan saw no place');
      }
    }),
    { numRuns: 400 },
  );
  assert.ok(seen > 1_000, `${seen} prices`);
});

/** About every third order that may leave its route. */
function removable(plan: Plan): number[] {
  const { instance, firstVisit } = plan.space;
  return Array.from({ length: instance.orderCount }, (_, order) => order).filter(
    (order) => order % 3 === 0 && plan.canRemove(firstVisit[order]!),
  );
}

function snapshot({ plan, space }: ReturnType<typeof searcher>) {
  return {
    routes: space.vehicles.map((_, route) => plan.rows.visits(route)),
    costs: space.vehicles.map((_, route) => plan.costOf(route)),
    versions: Array.from(plan.versions),
    routeOf: Array.from(plan.routeOf),
    absent: Array.from(plan.absent.subarray(0, plan.absentCount)),
    candidates: Array.from(plan.candidates.routes.subarray(0, plan.candidates.count)),
    missing: Array.from(plan.tally.absent),
    moves: plan.tally.moves,
  };
}

test('a plan that is rolled back is what it was', () => {
  fc.assert(
    fc.property(anyProblem(), fc.nat(), (problem, seed) => {
      const tried = searcher(problem, seededRandom(seed));
      tried.step();
      const before = snapshot(tried);
      const orders = removable(tried.plan);
      tried.plan.remove(Int32Array.from(orders), orders.length);
      tried.plan.rollBack();
      assert.deepEqual(snapshot(tried), before);
    }),
    { numRuns: 300 },
  );
});

test('figures that are kept up step by step are those that are made anew', () => {
  fc.assert(
    fc.property(anyProblem(), fc.nat(), (problem, seed) => {
      const { plan, space, step } = searcher(problem, seededRandom(seed));
      for (let count = 0; count < 5; count++) step();
      for (let route = 0; route < space.vehicles.length; route++) {
        const fresh = new RouteRows(space);
        fresh.set(route, plan.rows.visits(route));
        assert.deepEqual(figures(plan.rows, route), figures(fresh, route));
      }
    }),
    { numRuns: 300 },
  );
});

function figures(rows: RouteRows, route: number) {
  const { dimensions } = rows.space.instance;
  const slots = (values: Int32Array | Float64Array, first: number, width = 1) =>
    Array.from(
      values.subarray(
        (route * rows.stride + first) * width,
        (route * rows.stride + rows.lengths[route]! + 2) * width,
      ),
    );
  return {
    nodes: slots(rows.nodes, 0),
    departs: slots(rows.departs, 0),
    closes: slots(rows.closes, 1),
    legMeters: slots(rows.legMeters, 1),
    headSeconds: slots(rows.headSeconds, 0),
    tailSeconds: slots(rows.tailSeconds, 1),
    tailEarliest: slots(rows.tailEarliest, 1),
    legLoads: slots(rows.legLoads, 0, dimensions).slice(0, -dimensions),
    meters: rows.meters[route],
    seconds: rows.seconds[route],
    gaps: rows.gaps[route],
    reloads: rows.reloads[route],
    loads: Array.from(rows.loads.subarray(route * dimensions, (route + 1) * dimensions)),
  };
}
