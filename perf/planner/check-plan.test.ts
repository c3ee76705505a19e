import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkPlan } from './check-plan.ts';
import type { RawInstance, RawNode } from './instances/raw-instance.ts';

const customer = (x: number, y: number, rest: Partial<RawNode> = {}): RawNode => ({
  x,
  y,
  demand: 4,
  ready: 0,
  due: 100,
  service: 10,
  ...rest,
});

const INSTANCE: RawInstance = {
  name: 'tiny',
  file: 'tiny.txt',
  format: 'SOLOMON',
  vehicles: 2,
  capacity: 10,
  nodes: [
    customer(0, 0, { demand: 0, service: 0 }),
    customer(3, 4),
    customer(6, 8),
    customer(1, 1, { due: 1.41 }),
  ],
  pairs: [],
};

const PAIRED: RawInstance = {
  ...INSTANCE,
  nodes: [
    customer(0, 0, { demand: 0, service: 0 }),
    customer(3, 4, { demand: 6 }),
    customer(6, 8, { demand: -6 }),
    customer(3, 4, { demand: 6 }),
    customer(6, 8, { demand: -6 }),
  ],
  pairs: [
    { pickup: 1, delivery: 2 },
    { pickup: 3, delivery: 4 },
  ],
};

describe('a plan is checked against the file', () => {
  it('and a valid one has its figures by the convention', () => {
    const plan = checkPlan(INSTANCE, 'DIMACS', [[3], [], [1, 2]]);
    assert.deepEqual(plan.violations, []);
    assert.equal(plan.vehicles, 2);
    assert.equal(plan.distance.toFixed(6), (1.4 + 1.4 + 5 + 5 + 10).toFixed(6));
  });

  it('under the convention that was asked for: what is in time cut to a decimal may be late exactly', () => {
    assert.match(
      checkPlan(INSTANCE, 'SINTEF', [[3], [1, 2]]).violations.join(),
      /3 is reached at 1\.414/,
    );
  });

  const broken: [string, RawInstance, number[][], RegExp][] = [
    ['a customer left out', INSTANCE, [[3], [1]], /^customer 2 is visited 0 times$/],
    [
      'a customer visited twice',
      INSTANCE,
      [
        [3, 1],
        [1, 2],
      ],
      /^customer 1 is visited 2 times$/,
    ],
    ['too many vehicles', INSTANCE, [[1], [2], [3]], /^3 vehicles are used, there are 2$/],
    ['too much on board', INSTANCE, [[3, 1, 2]], /^a load of 12 exceeds 10$/],
    ['a missed window', INSTANCE, [[1, 3], [2]], /^3 is reached at 18\.6, due 1\.41$/],
    [
      'a delivery before its pickup',
      PAIRED,
      [
        [2, 1],
        [3, 4],
      ],
      /^2 does not follow its pickup 1$/,
    ],
    ['a pair on two vehicles', PAIRED, [[1, 3, 4], [2]], /does not follow its pickup 1/],
    ['two pairs on board at once', PAIRED, [[1, 3, 2, 4]], /^a load of 12 exceeds 10$/],
  ];
  for (const [what, instance, routes, violation] of broken) {
    it(`and ${what} is found`, () => {
      const { violations } = checkPlan(instance, 'DIMACS', routes);
      assert.ok(
        violations.some((text) => violation.test(text)),
        violations.join('; '),
      );
    });
  }

  it('and the end of the day is one of its windows', () => {
    const short = INSTANCE.nodes.map((node, index) => (index === 0 ? { ...node, due: 30 } : node));
    const { violations } = checkPlan({ ...INSTANCE, nodes: short }, 'DIMACS', [[3], [1, 2]]);
    assert.deepEqual(violations, ['0 is reached at 40, due 30']);
  });
});
