import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compileProblem } from '../instance/compile-problem.ts';
import type { PlanningProblem } from '../problem.ts';
import { seededRandom } from '../random.ts';
import { sampleProblem } from '../testing/sample-problem.ts';
import { BestTwo } from './best-two.ts';
import { Blinks } from './blinks.ts';
import { InsertionPrices } from './insertion-prices.ts';
import { packPlace, NO_RELOAD } from './place.ts';
import { isPlain, PlainScan } from './plain-scan.ts';
import { Plan } from './plan.ts';
import { searchSpace } from './search-space.ts';
import { scanSingle } from './single-scan.ts';

const VAN = {
  cost: { perKm: 0.5, perHour: 0, fixed: 7 },
  capacity: { weightKg: 300, volumeM3: 5, pallets: null, parcels: null },
};

/** Where metres alone cost, all vans are alike, and windows and loads are tight. */
function plainDay(seed: number): PlanningProblem {
  const random = seededRandom(seed);
  return sampleProblem({
    vehicles: Array.from({ length: 6 }, () => VAN),
    orders: Array.from({ length: 30 }, () => {
      const opensAt = (8 + Math.floor(random() * 8)) * 3_600;
      return {
        point: { latitude: 52.4 + random() / 5, longitude: 13.2 + random() / 3 },
        load: { weightKg: 5 + 60 * random(), volumeM3: 1.2 * random(), pallets: 0, parcels: 1 },
        windows: random() < 0.4 ? [] : [{ startSeconds: opensAt, endSeconds: opensAt + 5_400 }],
      };
    }),
  });
}

/** The first blink comes after so many places that none of these days sees it. */
const neverBlinks = () => new Blinks(() => 1 - 2 ** -32);

test('finds the same cheapest place as the scans of one route after the other', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const space = searchSpace(compileProblem(plainDay(seed)));
      assert.ok(isPlain(space));
      const plan = new Plan(space);
      const prices = new InsertionPrices(plan);
      const { costPerMeter } = space.vehicles[0]!;
      for (let order = 0; order < space.instance.orderCount; order++) {
        const scan = new PlainScan(plan, neverBlinks());
        const expected = cheapestByRoute(plan, prices, order);
        assert.equal(scan.find(order, 2 ** 30), expected.route >= 0);
        if (expected.route >= 0) {
          assert.deepEqual(
            { route: scan.route, place: packPlace(scan.slot, 0, NO_RELOAD) },
            { route: expected.route, place: expected.place },
          );
          assert.equal(scan.meters * costPerMeter, expected.price);
          assert.equal(scan.find(order, scan.meters), false);
        }
        putSomewhere(plan, prices, order, expected);
      }
    }),
    { numRuns: 60 },
  );
});

test('leaves days alone on which more than metres, hours and loads counts', () => {
  const space = (parts: Parameters<typeof sampleProblem>[0]) =>
    searchSpace(compileProblem(sampleProblem(parts)));
  assert.ok(isPlain(space({ vehicles: [VAN, VAN] })));
  const perHour = { ...VAN, cost: { ...VAN.cost, perHour: 20 } };
  assert.ok(!isPlain(space({ vehicles: [perHour] })));
  assert.ok(!isPlain(space({ vehicles: [VAN, { ...VAN, maxDistanceMeters: 50_000 }] })));
  assert.ok(!isPlain(space({ vehicles: [VAN, { ...VAN, profile: 'CARGO_BIKE' }] })));
  assert.ok(!isPlain(space({ vehicles: [VAN], orders: [{ requirements: ['WINGS'] }] })));
  assert.ok(!isPlain(space({ vehicles: [VAN], orders: [{ kind: 'PICKUP' }, {}] })));
});

type Found = { readonly route: number; readonly place: number; readonly price: number };

function cheapestByRoute(plan: Plan, prices: InsertionPrices, order: number): Found {
  let cheapest: Found = { route: -1, place: -1, price: Infinity };
  const { routes, count } = plan.candidates;
  for (const route of routes.subarray(0, count)) {
    if (plan.rows.lengths[route] === 0 || !prices.mayFit(order, route)) continue;
    const found = new BestTwo();
    scanSingle(plan.rows, order, route, found);
    const { place, price } = found;
    if (place >= 0 && price < cheapest.price) cheapest = { route, place, price };
  }
  return cheapest;
}

/** Every fourth order opens a vehicle. */
function putSomewhere(plan: Plan, prices: InsertionPrices, order: number, found: Found): void {
  const { emptyRoutes, emptyCount } = plan.candidates;
  const opens = emptyCount > 0 && (found.route < 0 || order % 4 === 0);
  if (!opens && found.route < 0) return;
  const route = opens ? emptyRoutes[0]! : found.route;
  if (opens && prices.prices[prices.at(order, route, Infinity)] === Infinity) return;
  plan.insert(order, route, opens ? packPlace(0, 0, NO_RELOAD) : found.place);
  plan.commit();
}
