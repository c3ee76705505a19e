import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { anyProblemFromNothing } from '../testing/arbitrary-problem.ts';
import { compileProblem } from '../instance/compile-problem.ts';
import { fitOptions, type FitOption } from './fit-options.ts';
import { InsertionFinder } from './insertion-finder.ts';
import type { PlanningOrder, PlanningProblem, PlanningVehicle, PlanningVisit } from '../problem.ts';
import { withOrders } from './promisable-windows.ts';
import { randomRoutes } from '../testing/random-routes.ts';
import { sampleProblem } from '../testing/sample-problem.ts';
import { ordersLeftOut, toSolution } from '../routes/schedule.ts';
import { verify } from '../verify.ts';

/** What would fit the last order in, beside the others. */
function optionsFor(parts: Parameters<typeof sampleProblem>[0]): FitOption[] {
  const problem = sampleProblem(parts);
  const instance = compileProblem(problem);
  const last = problem.orders.length - 1;
  const empty = instance.vehicles.map(() => []);
  const routes = withOrders(instance, empty, [...problem.orders.keys()].slice(0, last));
  return fitOptions(instance, routes, last);
}

const SOON = [{ startSeconds: 8 * 3_600, endSeconds: 8 * 3_600 + 60 }];

test('an order that fits needs nothing', () => {
  const [option, ...others] = optionsFor({ orders: [{}] });
  assert.equal(option?.kind, 'NOTHING');
  assert.equal(option.vehicleKey, 'van-1');
  assert.ok(option.cost > 50);
  assert.deepEqual(others, []);
});

test('a window that is missed has to end later, by the least minutes, or the shift starts earlier', () => {
  const options = optionsFor({ orders: [{ windows: SOON }] });
  assert.deepEqual(
    options.map(({ kind, amount, message }) => ({ kind, amount, message })),
    [
      {
        kind: 'LATER_WINDOW',
        amount: 4,
        message: 'It fits when its window ends 4 min later.',
      },
      {
        kind: 'EARLIER_SHIFT',
        amount: 4,
        message: 'It fits when the shift starts 4 min earlier.',
      },
    ],
  );
});

test('a full vehicle has to take the least more', () => {
  const load = { weightKg: 500, volumeM3: 1, pallets: 2, parcels: 1 };
  const capacity = { weightKg: 900, volumeM3: 9, pallets: 4, parcels: null };
  const [weight] = optionsFor({ vehicles: [{ capacity }], orders: [{ load }, { load }] });
  assert.equal(weight?.message, 'It fits when the vehicle takes 100 kg more.');
  const [pallets] = optionsFor({
    vehicles: [{ capacity: { ...capacity, weightKg: 2_000, pallets: 3 } }],
    orders: [{ load }, { load }],
  });
  assert.equal(pallets?.message, 'It fits when the vehicle takes 1 pallet more.');
  assert.equal(pallets.amount, 1);
});

test('nothing single helps an order that lacks room in two ways', () => {
  const load = { weightKg: 500, volumeM3: 5, pallets: 0, parcels: 1 };
  assert.deepEqual(optionsFor({ orders: [{ load }, { load }] }), []);
});

test('a lacking skill, a visit, a distance and a time on the road are told', () => {
  const point = { latitude: 52.7, longitude: 13.4 };
  const [skill] = optionsFor({ orders: [{ requirements: ['ADR', 'LIFT'] }] });
  assert.equal(skill?.message, 'It fits when the vehicle or its driver has ADR and LIFT.');
  const [visit] = optionsFor({ vehicles: [{ maxVisits: 1 }], orders: [{}, {}] });
  assert.equal(visit?.message, 'It fits when the vehicle may make 1 visit more.');
  const [far] = optionsFor({ vehicles: [{ maxDistanceMeters: 50_000 }], orders: [{ point }] });
  assert.match(far?.message ?? '', /^It fits when the vehicle may drive 7\.\d km more\.$/);
  const [long] = optionsFor({ vehicles: [{ maxDurationSeconds: 3_000 }], orders: [{ point }] });
  assert.match(long?.message ?? '', /^It fits when the vehicle may be on the road \d+ min longer/);
});

test('no shift starts earlier than it can', () => {
  const instance = compileProblem(sampleProblem({ orders: [{ windows: SOON }] }));
  const kinds = (earliestSeconds: number) =>
    fitOptions(instance, [[]], 0, { earliestSeconds }).map(({ kind }) => kind);
  const { shiftStartSeconds } = instance.vehicles[0]!;
  assert.deepEqual(kinds(shiftStartSeconds - 4 * 60), ['LATER_WINDOW', 'EARLIER_SHIFT']);
  assert.deepEqual(kinds(shiftStartSeconds - 3 * 60), ['LATER_WINDOW']);
});

test('a longer shift is told in minutes', () => {
  const options = optionsFor({ orders: [{ serviceSeconds: 9 * 3_600 }] });
  const longer = options.find(({ kind }) => kind === 'LONGER_SHIFT');
  assert.match(longer?.message ?? '', /^It fits when the shift ends \d+ min later\.$/);
});

test('a search without time gives what it has', () => {
  const problem = sampleProblem({ orders: [{ windows: SOON }] });
  const instance = compileProblem(problem);
  assert.deepEqual(fitOptions(instance, [[]], 0, { isOutOfTime: () => true }), []);
});

test('each option suffices, and a little less of it does not', () => {
  const check = fc.property(anyProblemFromNothing(), fc.nat(), (problem, seed) => {
    const instance = compileProblem(problem);
    const { routes: random } = randomRoutes(instance, seed);
    const open = ordersLeftOut(instance, { routes: random, iterations: 0 });
    const routes = withOrders(instance, random, open).map((nodes) => nodes ?? []);
    const left = ordersLeftOut(instance, { routes, iterations: 0 });
    for (const order of left.slice(0, 3)) {
      const options = fitOptions(instance, routes, order);
      assert.deepEqual(
        options,
        options.toSorted((a, b) => a.cost - b.cost),
      );
      for (const option of options) {
        const enough = relaxed(problem, option, order, option.amount);
        assert.deepEqual(violationsWith(enough, routes, order, option.vehicleKey), []);
        const step = STEPS[option.kind];
        if (step === undefined) continue;
        const less = relaxed(problem, option, order, option.amount - step);
        assert.equal(violationsWith(less, routes, order, option.vehicleKey), null);
      }
    }
  });
  fc.assert(check, { numRuns: 200 });
});

/** null: there is no place for it. */
function violationsWith(
  problem: PlanningProblem,
  routes: readonly (readonly number[])[],
  order: number,
  vehicleKey: string,
): string[] | null {
  const instance = compileProblem(problem);
  const vehicle = instance.vehicles[problem.vehicles.findIndex(({ key }) => key === vehicleKey)]!;
  const finder = new InsertionFinder(instance);
  const insertion = finder.cheapest(vehicle, routes[vehicle.index]!, order);
  if (insertion === null) return null;
  const result = { routes: routes.with(vehicle.index, insertion.nodes), iterations: 0 };
  const unassigned = ordersLeftOut(instance, result).map((left) => ({
    orderKey: problem.orders[left]!.key,
    reasons: [{ code: 'DISPLACED' as const, message: 'Not asked for here.' }],
  }));
  const run = { algorithm: 'test', seed: 1, outcome: 'COMPLETED' as const, unassigned };
  return verify(problem, toSolution(instance, result, run));
}

const STEPS: Partial<Record<FitOption['kind'], number>> = {
  LATER_WINDOW: 1,
  EARLIER_WINDOW: 1,
  LONGER_SHIFT: 1,
  EARLIER_SHIFT: 1,
  MORE_PALLETS: 1,
  MORE_PARCELS: 1,
  MORE_WEIGHT: 0.1,
  MORE_VOLUME: 0.01,
  MORE_DISTANCE: 0.1,
  LONGER_DURATION: 1,
};

function relaxed(
  problem: PlanningProblem,
  { kind, vehicleKey }: FitOption,
  order: number,
  amount: number,
): PlanningProblem {
  const seconds = Math.round(amount * 60);
  const widened = (visit: PlanningVisit | null): PlanningVisit | null =>
    visit && {
      ...visit,
      windows: visit.windows.map(({ startSeconds, endSeconds }) => ({
        startSeconds: startSeconds - (kind === 'EARLIER_WINDOW' ? seconds : 0),
        endSeconds: endSeconds + (kind === 'LATER_WINDOW' ? seconds : 0),
      })),
    };
  const changed = ({ pickup, delivery, ...rest }: PlanningOrder): PlanningOrder => ({
    ...rest,
    pickup: widened(pickup),
    delivery: widened(delivery),
  });
  return {
    ...problem,
    orders: problem.orders.map((other, index) => (index === order ? changed(other) : other)),
    vehicles: problem.vehicles.map((vehicle) =>
      vehicle.key === vehicleKey ? relaxedVehicle(vehicle, kind, amount) : vehicle,
    ),
  };
}

function relaxedVehicle(
  vehicle: PlanningVehicle,
  kind: FitOption['kind'],
  amount: number,
): PlanningVehicle {
  const { capacity } = vehicle;
  const seconds = Math.round(amount * 60);
  const changes: Partial<Record<FitOption['kind'], Partial<PlanningVehicle>>> = {
    LONGER_SHIFT: { shiftEndSeconds: vehicle.shiftEndSeconds + seconds },
    EARLIER_SHIFT: { shiftStartSeconds: vehicle.shiftStartSeconds - seconds },
    MORE_WEIGHT: { capacity: { ...capacity, weightKg: capacity.weightKg + amount } },
    MORE_VOLUME: { capacity: { ...capacity, volumeM3: capacity.volumeM3 + amount } },
    MORE_PALLETS: { capacity: { ...capacity, pallets: (capacity.pallets ?? 0) + amount } },
    MORE_PARCELS: { capacity: { ...capacity, parcels: (capacity.parcels ?? 0) + amount } },
    SKILL: { capabilities: ['COLD', 'LIFT'] },
    MORE_VISITS: { maxVisits: (vehicle.maxVisits ?? 0) + amount },
    MORE_DISTANCE: {
      maxDistanceMeters: (vehicle.maxDistanceMeters ?? 0) + Math.round(amount * 1_000),
    },
    LONGER_DURATION: { maxDurationSeconds: (vehicle.maxDurationSeconds ?? 0) + seconds },
  };
  return { ...vehicle, ...changes[kind] };
}
