import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { FactWorld } from '../../test/fact-world.ts';
import { faultsOfPlan, readCatalogue } from '../../test/plans/faults-of-plan.ts';
import type { NamedStatement } from '../../test/plans/figure-statements.ts';
import { figureStatements } from '../../test/plans/figure-statements.ts';
import { createPlanWorld } from '../../test/plans/plan-world.ts';
import { storeStatements } from '../../test/plans/store-statements.ts';

let world: FactWorld;
before(async () => {
  world = await createPlanWorld();
});
after(() => world.drop());

/** What is wrong with which statements: each fault once, with what the statement is for. */
async function faultsOf(statements: readonly NamedStatement[]): Promise<string[]> {
  const catalogue = await readCatalogue(world.sql);
  const faults = new Set<string>();
  for (const statement of distinct(statements)) {
    for (const fault of await faultsOfPlan(world.sql, catalogue, statement)) {
      faults.add(`${statement.name}: ${fault}`);
    }
  }
  return [...faults];
}

/** Totals and charts are the same however the rows are grouped. */
function distinct(statements: readonly NamedStatement[]): NamedStatement[] {
  const byContent = new Map(
    statements.map((statement) => [JSON.stringify([statement.text, statement.values]), statement]),
  );
  return [...byContent.values()];
}

describe('no statement reads a large table from its beginning to its end', () => {
  test('where numbers are made', async () => {
    const statements = await figureStatements();
    assert.ok(statements.length > 100, `only ${statements.length} statements`);
    assert.deepEqual(await faultsOf(statements), []);
  });

  test('where reports, schedules and events are looked for', async () => {
    const statements = await storeStatements(world.databaseUrl);
    assert.ok(statements.length > 30, `only ${statements.length} statements`);
    assert.deepEqual(await faultsOf(statements), []);
  });

  test('and where an index is missing this is noticed', async () => {
    const all = [...(await figureStatements()), ...(await storeStatements(world.databaseUrl))];
    await world.sql.query('begin');
    try {
      await world.sql.query(`drop index report.stop_facts_counted, report.stop_facts_of_partner,
        report.stop_facts_of_driver, report.stop_facts_of_vehicle, report.schedules_newest`);
      const faults = (await faultsOf(all)).join('\n');
      assert.match(
        faults,
        /ON_TIME_IN_FULL by PARTNER of a organization from facts: Seq Scan of stop_facts_2026_08/,
      );
      assert.match(faults, /a page of schedules: Seq Scan of schedules/);
    } finally {
      await world.sql.query('rollback');
    }
  });
});
