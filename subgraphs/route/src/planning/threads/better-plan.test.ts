import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBetterPlan } from './better-plan.ts';
import type { JudgedPlan } from './planner-messages.ts';

function plan(cost: number, leftOut: readonly number[]): JudgedPlan {
  const solution = {} as JudgedPlan['solution'];
  return { solution, leftOut, cost };
}

test('what a plan leaves out counts before what it costs, the most important first', () => {
  const fromWorst = [
    plan(1, [90, 50, 50]),
    plan(5, [90, 50]),
    plan(2, [90]),
    plan(3, [50, 50, 50]),
    plan(9, [50, 50]),
    plan(8, [50, 50]),
    plan(9, []),
  ];
  for (const [rank, better] of fromWorst.entries()) {
    for (const worse of fromWorst.slice(0, rank)) {
      assert.equal(isBetterPlan(better, worse), true);
      assert.equal(isBetterPlan(worse, better), false);
    }
    assert.equal(isBetterPlan(better, better), false);
  }
});
