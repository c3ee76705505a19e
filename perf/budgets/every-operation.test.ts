import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { testStack } from '@quantumroute/ops/local/testing';
import pg from 'pg';
import { asQuery } from './as-query.ts';
import { readBudgets, unmatched, violations } from './budgets.ts';
import type { Budget } from './budgets.ts';
import type { Run } from './cases/budget-case.ts';
import { budgetCases } from './cases/cases.ts';
import { insertFixture } from './fixture/fixture.ts';
import { measure } from './measure.ts';
import type { Measured } from './measure.ts';
import { registeredOperations } from './operations.ts';
import type { RegisteredOperation } from './operations.ts';
import { itemsOf, proofIn } from './proof-in.ts';
import { printTable } from './print-table.ts';
import type { TableRow } from './print-table.ts';

const operations = registeredOperations();
const budgets = readBudgets();
const table: TableRow[] = [];

const stack = await testStack({
  demoData: false,
  env: {
    // An answer from the cache would show no fetch at all.
    GATEWAY_CACHE_ENTRY_BYTES: '0',
    // Counts are the same on a slow machine, as long as nothing is given up.
    GATEWAY_REQUEST_DEADLINE_MS: '25000',
    GATEWAY_SUBGRAPH_TIMEOUT_MS: '20000',
    DATABASE_STATEMENT_TIMEOUT_MS: '20000',
  },
});
after(async () => {
  printTable(table);
  await stack.stop();
});
const fixture = await filledDatabase();
const cases = new Map(budgetCases(fixture).map((each) => [each.operation, each]));

test('every operation has a budget and a case, and none is left over', () => {
  assert.deepEqual(unmatched(operations, budgets), []);
  const names = operations.map(({ name }) => name);
  assert.deepEqual([...cases.keys()].toSorted(), names.toSorted());
});

for (const { operation: name, proof, few, many } of cases.values()) {
  const operation = registered(name);
  const sizes = few.items === null ? '' : `${few.items} and ${many.items}`;
  const subject = sizes === '' ? 'one thing as for another' : `${sizes} items`;
  test(`${operation.client}/${name} costs the same for ${subject}, within its budget`, async () => {
    const costs = {
      few: await costOf(operation, few, proof),
      many: await costOf(operation, many, proof),
    };
    const budget = budgets[operation.client]?.[name];
    table.push({ operation: `${operation.client}/${name}`, items: sizes, ...costs, budget });
    assert.ok(budget, 'It has no budget');
    assert.deepEqual(violations(costs, budget), []);
  });
}

test('with batching off the same operation costs more with every item, beyond its budget', async () => {
  const operation = registered('VehicleFinder');
  const { few, proof } = cases.get(operation.name) ?? assert.fail();
  const unbatched = async (first: number) => {
    const variables = { ...few.variables, first };
    const { data, cost } = await run(operation, { ...few, variables }, { batching: false });
    assert.equal(itemsOf(proofIn(data, proof)), first);
    return cost;
  };
  const budget = budgets[operation.client]?.[operation.name] ?? assert.fail();
  const found = violations({ few: await unbatched(5), many: await unbatched(10) }, budget);
  assert.match(found.join('\n'), /SQL statements depend on the number of items/);
  assert.match(found.join('\n'), /SQL statements, the budget has/);
});

async function costOf(operation: RegisteredOperation, wanted: Run, proof: string): Promise<Budget> {
  const { data, cost } = await run(operation, wanted);
  const shown = proofIn(data, proof);
  if (wanted.items !== null) assert.equal(itemsOf(shown), wanted.items, proof);
  assert.ok(cost.fetches > 0, 'It was answered from a cache');
  return cost;
}

async function filledDatabase() {
  const sql = new pg.Client({ connectionString: stack.databaseUrl });
  await sql.connect();
  try {
    const filled = await insertFixture(sql);
    await untilSummed(sql);
    return filled;
  } finally {
    await sql.end();
  }
}

/** Dashboards read sums of days, which the worker makes by itself. */
async function untilSummed(sql: pg.Client): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const { rows } = await sql.query('select from report.dirty_days limit 1');
    if (rows.length === 0) return;
    if (performance.now() > deadline) throw new Error('A day was not summed within 30 s');
    await sleep(50);
  }
}

function registered(name: string): RegisteredOperation {
  const operation = operations.find((each) => each.name === name);
  return operation ?? assert.fail(`No client has registered ${name}`);
}

function run(
  operation: RegisteredOperation,
  { caller, variables }: Run,
  { batching = true } = {},
): Promise<Measured> {
  const credential = caller === null ? null : stack.credentials[caller];
  assert.ok(credential !== undefined, `There is no caller ${caller}`);
  const { id, body, type } = operation;
  const document =
    type === 'subscription'
      ? { body: asQuery(body) }
      : caller === 'partner-harbor'
        ? { id }
        : { body };
  return measure(stack.urls.gateway, { document, credential, variables, batching });
}
