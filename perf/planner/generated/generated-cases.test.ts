import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkPlan } from '../check-plan.ts';
import { usualConvention } from '../convention.ts';
import type { PlanningOrder } from '../engine.ts';
import type { RawInstance } from '../instances/raw-instance.ts';
import { depotDay } from './depot-day.ts';
import { generatedInstances } from './generated-cases.ts';

const instances = Object.values(generatedInstances()).flat();

describe('generated instances', () => {
  it('are the same every time', () => {
    assert.deepEqual(Object.values(generatedInstances()).flat(), instances);
  });

  it('have names of their own', () => {
    assert.equal(new Set(instances.map(({ name }) => name)).size, instances.length);
  });

  it('let every customer be served, by a vehicle of its own where need be', () => {
    for (const instance of instances) {
      const { violations } = checkPlan(
        { ...instance, vehicles: null },
        usualConvention(instance.format),
        routesOfTheirOwn(instance),
      );
      assert.deepEqual(violations, [], instance.name);
    }
  });

  it('have windows that open before they close', () => {
    const nodes = instances.flatMap((instance) => instance.nodes);
    assert.deepEqual(
      nodes.filter(({ ready, due }) => ready > due),
      [],
    );
  });
});

function routesOfTheirOwn({ nodes, pairs }: RawInstance): number[][] {
  if (pairs.length > 0) return pairs.map(({ pickup, delivery }) => [pickup, delivery]);
  return nodes.slice(1).map((_, index) => [index + 1]);
}

describe('generated depot days', () => {
  it('are the same every time', () => {
    const draft = { name: 'a day', orders: 60, depots: 2 } as const;
    assert.deepEqual(depotDay(draft), depotDay(draft));
  });

  it('have something of everything that the engine can do', () => {
    const { orders, vehicles } = depotDay({ name: 'a day', orders: 200, depots: 2 });
    const some = (test: (order: PlanningOrder) => boolean) => orders.some(test);
    assert.ok(some((order) => order.pickup !== null && order.delivery === null));
    assert.ok(some((order) => order.pickup !== null && order.delivery !== null));
    assert.ok(some((order) => (order.delivery?.windows.length ?? 0) === 2));
    for (const requirement of ['TAIL_LIFT', 'REFRIGERATED']) {
      assert.ok(some((order) => order.requirements.includes(requirement)));
    }
    assert.equal(new Set(vehicles.map(({ profile }) => profile)).size, 3);
    assert.equal(new Set(vehicles.map(({ startPlace }) => startPlace)).size, 2);
  });
});
