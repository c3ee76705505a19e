import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { anyProblemFromNothing } from '../testing/arbitrary-problem.ts';
import { compileProblem } from '../instance/compile-problem.ts';
import { InsertionFinder } from './insertion-finder.ts';
import type { Instance, InstanceVehicle } from '../instance/instance.ts';
import { randomRoutes } from '../testing/random-routes.ts';
import { RouteMeter } from '../routes/route-times.ts';

test('finds a place whenever there is one, whatever the constraints', () => {
  const check = fc.property(anyProblemFromNothing(), fc.nat(), (problem, seed) => {
    const instance = compileProblem(problem);
    const { routes } = randomRoutes(instance, seed);
    const finder = new InsertionFinder(instance);
    for (const order of ordersWithoutPlace(instance, routes)) {
      for (const vehicle of instance.vehicles) {
        const nodes = routes[vehicle.index]!;
        const byHand = cheapestByHand(instance, vehicle, nodes, order);
        const found = finder.cheapest(vehicle, nodes, order);
        const fits = finder.fits(vehicle, nodes, order);
        // Where a way round may be the shorter one, no bound holds, and a place may be overlooked.
        if (problem.travel.kind === 'ESTIMATE') assert.equal(found !== null, byHand < Infinity);
        else assert.ok(found === null || byHand < Infinity);
        assert.equal(fits, found !== null);
        if (found && problem.travel.kind === 'ESTIMATE') {
          assert.ok(Math.abs(found.cost - byHand) < 1e-6, `${found.cost}, by hand ${byHand}`);
        }
      }
    }
  });
  fc.assert(check, { numRuns: 400 });
});

test('nothing is put before what is frozen', () => {
  const check = fc.property(anyProblemFromNothing(), fc.nat(), (problem, seed) => {
    const instance = compileProblem(problem);
    const { routes } = randomRoutes(instance, seed);
    const finder = new InsertionFinder(instance);
    for (const order of ordersWithoutPlace(instance, routes)) {
      for (const vehicle of instance.vehicles) {
        const nodes = routes[vehicle.index]!;
        const frozenVisits = Math.ceil(nodes.length / 2);
        const found = finder.cheapest({ ...vehicle, frozenVisits }, nodes, order);
        if (found) {
          assert.deepEqual(found.nodes.slice(0, frozenVisits), nodes.slice(0, frozenVisits));
        }
      }
    }
  });
  fc.assert(check, { numRuns: 100 });
});

function ordersWithoutPlace(
  { orderCount, visitCount, orderOf }: Instance,
  routes: readonly (readonly number[])[],
): number[] {
  const placed = new Set(routes.flat().map((node) => (node < visitCount ? orderOf[node]! : -1)));
  return Array.from({ length: orderCount }, (_, order) => order).filter(
    (order) => !placed.has(order),
  );
}

/** Every way to put it in; with a reload beside a single visit where nothing else will do. */
function cheapestByHand(
  instance: Instance,
  vehicle: InstanceVehicle,
  nodes: readonly number[],
  order: number,
): number {
  const meter = new RouteMeter(instance);
  const before = meter.measure(vehicle, nodes);
  const [pickup, delivery] = [instance.pickupOf[order]!, instance.deliveryOf[order]!];
  const visits = [pickup, delivery].filter((visit) => visit >= 0);
  const costOf = (sequences: readonly (readonly number[])[]) =>
    Math.min(...sequences.map((sequence) => meter.measure(vehicle, sequence) - before));
  const plain = everyWay(nodes, visits);
  const cost = costOf(plain);
  if (cost < Infinity || visits.length > 1 || vehicle.reloadNode < 0) return cost;
  const positions = Array.from({ length: nodes.length + 1 }, (_, at) => at);
  return costOf(
    positions.flatMap((at) => [
      nodes.toSpliced(at, 0, vehicle.reloadNode, visits[0]!),
      nodes.toSpliced(at, 0, visits[0]!, vehicle.reloadNode),
    ]),
  );
}

function everyWay(nodes: readonly number[], visits: readonly number[]): number[][] {
  const [first, second] = visits;
  return Array.from({ length: nodes.length + 1 }, (_, at) => at).flatMap((at) => {
    const inserted = nodes.toSpliced(at, 0, first!);
    if (second === undefined) return [inserted];
    return Array.from({ length: nodes.length - at + 1 }, (__, later) =>
      inserted.toSpliced(at + 1 + later, 0, second),
    );
  });
}
