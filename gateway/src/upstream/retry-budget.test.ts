import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRetryBudget } from './retry-budget.ts';

describe('a retry budget', () => {
  const retriesOf = (budget: ReturnType<typeof createRetryBudget>, requests: number): number => {
    let retries = 0;
    for (let count = 0; count < requests; count += 1) {
      budget.earn();
      if (budget.spend()) retries += 1;
    }
    return retries;
  };

  test('gives a share of the requests, and a few more', () => {
    const retries = retriesOf(createRetryBudget({ percent: 20, reserve: 10 }), 1_000);
    assert.ok(retries >= 200 && retries <= 210, `${retries}`);
  });

  test('saves up no more than its reserve', () => {
    const budget = createRetryBudget({ percent: 20, reserve: 10 });
    for (let count = 0; count < 10_000; count += 1) budget.earn();
    let retries = 0;
    while (budget.spend()) retries += 1;
    assert.equal(retries, 10);
  });

  test('gives nothing when there is to be none', () => {
    assert.equal(retriesOf(createRetryBudget({ percent: 0, reserve: 10 }), 100), 0);
  });
});
