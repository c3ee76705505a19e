import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cheapestInsertion } from './cheapest-insertion.ts';
import type { PlanningProblem } from './problem.ts';
import { sampleProblem } from './sample-problem.ts';
import type { PlanningSolution, SolutionRoute, SolutionStop } from './solution.ts';
import { verify } from './verify.ts';

const problem = sampleProblem({
  vehicles: [{ capabilities: ['COLD_CHAIN'] }, {}],
  orders: [
    { requirements: ['COLD_CHAIN'], windows: [{ startSeconds: 36_000, endSeconds: 39_600 }] },
    { point: { latitude: 52.52, longitude: 13.45 } },
    { point: { latitude: 52.48, longitude: 13.3 }, kind: 'PICKUP' },
  ],
});
const valid = cheapestInsertion(problem, 1, { shouldStop: () => null, report: () => {} });

function withRoute(change: (route: SolutionRoute) => Partial<SolutionRoute>): PlanningSolution {
  const [first, ...rest] = valid.routes as [SolutionRoute];
  return { ...valid, routes: [{ ...first, ...change(first) }, ...rest] };
}

function withFirstStop(change: Partial<SolutionStop>): PlanningSolution {
  return withRoute(({ stops: [first, ...rest] }) => ({
    stops: [{ ...first!, ...change }, ...rest],
  }));
}

function finds(violation: RegExp, solution: PlanningSolution, of: PlanningProblem = problem): void {
  assert.match(verify(of, solution).join('\n'), violation);
}

test('accepts a valid plan', () => {
  assert.deepEqual(verify(problem, valid), []);
});

test('finds orders that are missing, doubled or unknown', () => {
  finds(/neither planned nor left out/, { ...valid, routes: [] });
  finds(/is there twice/, { ...valid, unassigned: [{ orderKey: 'order-1', reasons: [] }] });
  finds(/there is no order nobody/, {
    ...valid,
    unassigned: [{ orderKey: 'nobody', reasons: [] }],
  });
});

test('finds vehicles that are doubled, unknown or not capable', () => {
  finds(/listed twice/, { ...valid, routes: [...valid.routes, ...valid.routes] });
  finds(
    /no such vehicle/,
    withRoute(() => ({ vehicleKey: 'nobody' })),
  );
  finds(
    /lacks COLD_CHAIN/,
    withRoute(() => ({ vehicleKey: 'van-2' })),
  );
});

test('finds times, legs and figures that do not add up', () => {
  finds(/arrival is 1, should be/, withFirstStop({ arrivalSeconds: 1 }));
  finds(/departure is 1, should be/, withFirstStop({ departureSeconds: 1 }));
  finds(
    /end is 1, should be/,
    withRoute(() => ({ endSeconds: 1 })),
  );
  const leg = { distanceMeters: 1, durationSeconds: 1, isEstimated: false };
  finds(/leg distance is 1/, withFirstStop({ legFromPrevious: leg }));
  finds(
    /wrongly marked/,
    withRoute(() => ({ legToDepot: leg })),
  );
  finds(/cost is 0/, { ...valid, metrics: { ...valid.metrics, cost: 0 } });
});

test('finds broken shifts, windows and loads', () => {
  const change = (parts: Partial<PlanningProblem>) => ({ ...problem, ...parts });
  const [van, other] = problem.vehicles;
  const late = change({ vehicles: [{ ...van!, shiftStartSeconds: 50_000 }, other!] });
  finds(/starts before the shift/, valid, late);
  const short = change({ vehicles: [{ ...van!, shiftEndSeconds: 30_000 }, other!] });
  finds(/ends after the shift/, valid, short);
  const capacity = { weightKg: 15, volumeM3: 9, parcels: null };
  finds(
    /20000 grams on leg 1, room for 15000/,
    valid,
    change({ vehicles: [{ ...van!, capacity }, other!] }),
  );
  const windows = [{ startSeconds: 0, endSeconds: 60 }];
  const orders = problem.orders.map((order) => ({ ...order, windows }));
  finds(/no window is promised|was not asked for/, valid, change({ orders }));
});
