import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  anyPlainProblem,
  anyProblem,
  anyProblemOfParts,
  anyProblemWithoutTimes,
} from '../testing/arbitrary-problem.ts';
import { checkProblem } from '../check-problem.ts';
import { compileProblem } from '../instance/compile-problem.ts';
import type { Instance } from '../instance/instance.ts';
import type { PlanCounts, Search, SearchControl, SearchResult } from '../planner.ts';
import type { PlanningObjectives, PlanningProblem } from '../problem.ts';
import { RouteMeter } from '../routes/route-times.ts';
import { sampleDay, sampleProblem } from '../testing/sample-problem.ts';
import { ordersLeftOut, toSolution } from '../routes/schedule.ts';
import type { PlanningSolution } from '../solution.ts';
import { judge, TRIFLE } from '../testing/judge.ts';
import { verify } from '../verify.ts';
import { SEARCHES } from './searches.ts';

function iterations(limit: number): SearchControl {
  return { budgetUsed: (done) => done / limit, report: () => {} };
}

const NOTHING: PlanCounts = { assigned: 0, unassigned: 0, cost: 0 };

type Planned = { instance: Instance; result: SearchResult; solution: PlanningSolution };

function plan(
  search: Search,
  problem: PlanningProblem,
  { seed = 1, control = iterations(300) }: { seed?: number; control?: SearchControl } = {},
): Planned {
  const instance = compileProblem(problem);
  const result = search(instance, seed, control);
  const unassigned = ordersLeftOut(instance, result).map((order) => ({
    orderKey: problem.orders[order]!.key,
    reasons: [],
  }));
  const solution = toSolution(instance, result, {
    algorithm: search.name,
    seed,
    outcome: 'STOPPED',
    unassigned,
  });
  return { instance, result, solution };
}

/** The plan is valid, and what the search says of it last is true. */
function expectTrue(
  search: Search,
  problem: PlanningProblem,
  { seed, limit }: { seed: number; limit: number },
): void {
  let counts = () => NOTHING;
  const control = {
    ...iterations(limit),
    report: (latest: () => PlanCounts) => {
      counts = latest;
    },
  };
  const { instance, result, solution } = plan(search, problem, { seed, control });
  assert.deepEqual(verify(problem, solution), []);
  for (const { index, presentVisits } of instance.vehicles) {
    assert.deepEqual(fixedOf(instance, result.routes[index]!), fixedOf(instance, presentVisits));
  }
  const { cost, unassigned } = counts();
  assert.equal(unassigned, solution.unassigned.length);
  const judged = judge(problem.objectives, solution) + priceOfMoves(instance, result);
  assert.ok(Math.abs(cost - judged) < TRIFLE, `reports ${cost}, costs ${judged}`);
}

function priceOfMoves(instance: Instance, { routes }: SearchResult): number {
  const { visitCount, orderOf, presentVehicle, movePenalty } = instance;
  const moved = routes.flatMap((nodes, vehicle) =>
    [...nodes]
      .filter((node) => node < visitCount)
      .map((visit) => orderOf[visit]!)
      .filter((order) => presentVehicle[order]! >= 0 && presentVehicle[order] !== vehicle),
  );
  return new Set(moved).size * movePenalty;
}

function fixedOf({ visitCount, orderOf, isFixed }: Instance, nodes: readonly number[]): number[] {
  return [...nodes].filter((node) => node < visitCount && isFixed[orderOf[node]!] === 1);
}

/** Every way to put the order's visits into the route, without new reloads. */
function insertions(instance: Instance, nodes: readonly number[], order: number): number[][] {
  const pickup = instance.pickupOf[order]!;
  const delivery = instance.deliveryOf[order]!;
  const positions = Array.from({ length: nodes.length + 1 }, (_, position) => position);
  if (pickup < 0 || delivery < 0) {
    return positions.map((position) => nodes.toSpliced(position, 0, Math.max(pickup, delivery)));
  }
  return positions.flatMap((second) =>
    positions
      .slice(0, second + 1)
      .map((first) => nodes.toSpliced(second, 0, delivery).toSpliced(first, 0, pickup)),
  );
}

function withoutOrder({ visitCount, orderOf }: Instance, nodes: readonly number[], order: number) {
  return nodes.filter((node) => node >= visitCount || orderOf[node] !== order);
}

/** Orders left out that would fit, also in the place of a less important one. */
function wronglyLeftOut({ instance, result, solution }: Planned): string[] {
  const meter = new RouteMeter(instance);
  const { orders } = instance.problem;
  return ordersLeftOut(instance, result).flatMap((order) =>
    instance.vehicles.flatMap((vehicle) => {
      if (vehicle.isCapable[order] === 0) return [];
      const nodes = result.routes[vehicle.index]!;
      const fits = (rest: readonly number[]) =>
        insertions(instance, rest, order)
          .filter((inserted) =>
            nodes.slice(0, vehicle.frozenVisits).every((node, at) => node === inserted[at]),
          )
          .some((inserted) => meter.measure(vehicle, inserted) < Infinity);
      const name = `${orders[order]!.key} on ${orders.length ? vehicle.index : ''}`;
      if (fits(nodes)) return [`${name} fits (${solution.routes.length} routes)`];
      return [...new Set(nodes.filter((node) => node < instance.visitCount))]
        .map((visit) => instance.orderOf[visit]!)
        .filter((other) => orders[other]!.priority < orders[order]!.priority)
        .filter((other) => instance.isFixed[other] === 0)
        .filter((other) => fits(withoutOrder(instance, nodes, other)))
        .map((other) => `${name} is above ${orders[other]!.key}`);
    }),
  );
}

for (const [name, search] of Object.entries(SEARCHES)) {
  describe(name, () => {
    test('keeps every constraint, lock and mode of random problems', () => {
      fc.assert(
        fc.property(anyProblem(), fc.nat(), (problem, seed) => {
          assert.deepEqual(checkProblem(problem), []);
          expectTrue(search, problem, { seed, limit: 60 });
        }),
        { numRuns: 700 },
      );
    });

    test('keeps every constraint of plain days with room for most orders', () => {
      fc.assert(
        fc.property(anyPlainProblem(), fc.nat(), (problem, seed) => {
          expectTrue(search, problem, { seed, limit: 60 });
        }),
        { numRuns: 200 },
      );
    });

    test('keeps every constraint of days of single orders without breaks and reloads', () => {
      fc.assert(
        fc.property(anyProblemOfParts(), fc.nat(), (problem, seed) => {
          expectTrue(search, problem, { seed, limit: 60 });
        }),
        { numRuns: 400 },
      );
    });

    test('keeps every constraint of days without times', () => {
      fc.assert(
        fc.property(anyProblemWithoutTimes(), fc.nat(), (problem, seed) => {
          expectTrue(search, problem, { seed, limit: 60 });
        }),
        { numRuns: 150 },
      );
    });

    test('leaves out no order that still fits, nor one that fits in the place of a less important one', () => {
      fc.assert(
        fc.property(fc.oneof(anyProblem(), anyProblemOfParts()), (problem) => {
          assert.deepEqual(wronglyLeftOut(plan(search, problem)), []);
        }),
        { numRuns: 150 },
      );
    });

    test('makes the same plan for the same seed and number of iterations', () => {
      const problem = sampleDay({ orders: 60, vehicles: 4 });
      const first = plan(search, problem, { seed: 7 });
      assert.deepEqual(plan(search, problem, { seed: 7 }).result, first.result);
    });

    test('has a valid plan whenever it is stopped', () => {
      const problem = sampleDay({ orders: 60, vehicles: 3 });
      for (const steps of [0, 1, 2, 5]) {
        let asked = 0;
        const control = { budgetUsed: () => (asked++ >= steps ? 1 : 0.5), report: () => {} };
        const { solution } = plan(search, problem, { control });
        assert.deepEqual(verify(problem, solution), []);
      }
    });

    test('has a place for each of 400 orders at once, and reports what it has', () => {
      const problem = sampleDay({ orders: 400, vehicles: 20 });
      const seen: PlanCounts[] = [];
      const control = {
        budgetUsed: () => 1,
        report: (counts: () => PlanCounts) => seen.push(counts()),
      };
      const startedAt = performance.now();
      const { solution } = plan(search, problem, { control });
      assert.equal(solution.unassigned.length, 0);
      assert.deepEqual(verify(problem, solution), []);
      assert.equal(seen.at(-1)?.assigned, 400);
      // A fraction of a second on an idle machine; the limit only catches a change of complexity.
      assert.ok(performance.now() - startedAt < 5_000);
    });

    test('serves the more important orders when not everything fits', () => {
      const load = { weightKg: 450, volumeM3: 1, pallets: 0, parcels: 1 };
      const orders = [10, 90, 20].map((priority) => ({ load, priority }));
      const { solution } = plan(search, sampleProblem({ orders }));
      assert.deepEqual(
        solution.unassigned.map(({ orderKey }) => orderKey),
        ['order-1'],
      );
    });

    test('serves the others when an order is beyond every vehicle', () => {
      const orders = [
        {},
        { load: { weightKg: 1e6, volumeM3: 1, pallets: 0, parcels: 1 }, priority: 100 },
        { requirements: ['WINGS'], priority: 100 },
        { windows: [{ startSeconds: 0, endSeconds: 60 }], priority: 100 },
        { point: { latitude: -35, longitude: 150 }, priority: 100 },
        {},
      ];
      const { solution } = plan(search, sampleProblem({ orders }));
      assert.deepEqual(
        solution.routes.flatMap(({ stops }) => stops.flatMap((stop) => stop.orderKeys)).toSorted(),
        ['order-1', 'order-6'],
      );
    });

    test('unloads a delivery before it loads a pickup that would not fit beside it', () => {
      const load = { weightKg: 600, volumeM3: 1, pallets: 0, parcels: 1 };
      const { solution } = plan(
        search,
        sampleProblem({ orders: [{ load, kind: 'PICKUP' }, { load }] }),
      );
      assert.deepEqual(
        solution.routes.flatMap((route) => route.stops.map((stop) => stop.kind)),
        ['DELIVERY', 'PICKUP'],
      );
    });

    test('serves orders of one address in one stop, with the second window when the first cannot be kept', () => {
      const windows = [
        { startSeconds: 50_000, endSeconds: 53_600 },
        { startSeconds: 3_600, endSeconds: 7_200 },
      ];
      const { solution } = plan(search, sampleProblem({ orders: [{ windows }, { windows }] }));
      assert.deepEqual(
        solution.routes.flatMap((route) =>
          route.stops.map((stop) => [stop.kind, stop.orderKeys.length, stop.window]),
        ),
        [['DELIVERY', 2, windows[0]]],
      );
    });

    test('picks a parcel up on the way when the way by its delivery is quicker than the direct one', () => {
      const near = (longitude: number) => ({ latitude: 52.5, longitude });
      const visitAt = (place: number) => ({
        place,
        windows: [],
        serviceSeconds: 0,
        setupSeconds: 0,
      });
      const durationSeconds = Int32Array.from(
        [
          [0, 100, 300, 100],
          [500, 0, 400, 50],
          [100, 100, 0, 400],
          [50, 100, 100, 0],
        ].flat(),
      );
      const matrix = {
        size: 4,
        durationSeconds,
        distanceMeters: durationSeconds,
        isEstimated: false,
      };
      const problem = sampleProblem({
        vehicles: [{ shiftStartSeconds: 0, shiftEndSeconds: 650 }],
        places: [near(13.41), near(13.42), near(13.43)],
        orders: [{ delivery: visitAt(1) }, { pickup: visitAt(2), delivery: visitAt(3) }],
      });
      const { solution } = plan(search, {
        ...problem,
        travel: { kind: 'MATRICES', matrices: { VAN: matrix } },
      });
      assert.deepEqual(solution.unassigned, []);
    });

    test('goes back to the depot for a second load', () => {
      const load = { weightKg: 600, volumeM3: 1, pallets: 0, parcels: 1 };
      const reload = { place: 0, durationSeconds: 900, max: 2 };
      const orders = [{ load }, { load }, { load }];
      const { solution } = plan(search, sampleProblem({ vehicles: [{ reload }], orders }));
      assert.deepEqual(
        solution.routes[0]?.stops.map(({ kind }) => kind),
        ['DELIVERY', 'RELOAD', 'DELIVERY', 'RELOAD', 'DELIVERY'],
      );
    });

    test('uses as few vehicles as it can when only that is judged, and more when work is to be balanced', () => {
      const orders = Array.from({ length: 8 }, (_, index) => ({
        point: { latitude: 52.5 + Math.cos(index) / 10, longitude: 13.4 + Math.sin(index) / 8 },
      }));
      const vehicles = [{}, {}, {}, {}];
      const used = (objectives: Partial<PlanningObjectives>) => {
        const problem = sampleProblem({ orders, vehicles, objectives: { cost: 0, ...objectives } });
        return plan(search, problem).solution.routes.length;
      };
      assert.equal(used({ vehicles: 1 }), 1);
      assert.equal(used({ workloadBalance: 1 }), 4);
    });
  });
}
