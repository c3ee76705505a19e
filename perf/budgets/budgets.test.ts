import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unmatched, violations } from './budgets.ts';

const budget = { fetches: 2, sqlStatements: 5 };

test('a cost within the budget that is the same for few and for many is fine', () => {
  const cost = { fetches: 1, sqlStatements: 5 };
  assert.deepEqual(violations({ few: cost, many: cost }, budget), []);
});

test('a cost that grows with the list is a violation, also within the budget', () => {
  const costs = { few: { fetches: 1, sqlStatements: 4 }, many: { fetches: 1, sqlStatements: 5 } };
  assert.deepEqual(violations(costs, budget), [
    'SQL statements depend on the number of items: 4 for few, 5 for many',
  ]);
});

test('a cost beyond the budget is a violation, also when it does not grow', () => {
  const cost = { fetches: 3, sqlStatements: 6 };
  assert.deepEqual(violations({ few: cost, many: cost }, budget), [
    '3 subgraph fetches, the budget has 2',
    '6 SQL statements, the budget has 5',
  ]);
});

test('an operation without a budget and a budget without an operation are named', () => {
  const operations = [
    { client: 'web', name: 'Known' },
    { client: 'web', name: 'New' },
  ];
  assert.deepEqual(unmatched(operations, { web: { Known: budget, Gone: budget } }), [
    'web/New has no budget',
    'web/Gone is no registered operation',
  ]);
});
