import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkPlan } from '../check-plan.ts';
import { usualConvention } from '../convention.ts';
import type { RawInstance } from '../instances/raw-instance.ts';
import { generatedInstances } from './generated-cases.ts';

const instances = [...generatedInstances().keys()];

describe('generated instances', () => {
  it('are the same every time', () => {
    assert.deepEqual([...generatedInstances().keys()], instances);
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
