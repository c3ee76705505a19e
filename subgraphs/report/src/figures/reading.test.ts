import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { queryOf } from '../../test/ask-report.ts';
import type { World } from '../../test/world.ts';
import { createWorld } from '../../test/world.ts';
import type { Reading } from './source.ts';
import { readingOf } from './reading.ts';

let world: World;

before(async () => {
  world = await createWorld();
  const { north: tenant, addStop, rollUp } = world;
  await addStop({ tenant, day: '2026-09-30' });
  await rollUp();
  await addStop({ tenant, day: '2026-11-10' });
});
after(() => world?.drop());

function reading(from: string, to: string, tenant = world.north): Promise<Reading> {
  const periods = [
    { from, to },
    { from: '2020-01-01', to: '2020-01-31' },
  ];
  return readingOf(queryOf(world), { organizationId: tenant.id, periods });
}

describe('a report is read', () => {
  test('from facts where a day of it has facts that are not summed', async () => {
    assert.equal(await reading('2026-11-01', '2026-11-10'), 'facts');
    assert.equal(await reading('2026-11-11', '2026-11-20'), 'roll-ups');
    assert.equal(await reading('2026-11-01', '2026-11-30', world.south), 'roll-ups');
  });

  test('from sums where facts of it are in the archive', async () => {
    const close = `update report.fact_months set closed_at = now() where month = '2026-09-01'`;
    assert.equal(await reading('2026-09-30', '2026-11-30'), 'facts');
    await world.sql.query(close);
    assert.equal(await reading('2026-09-30', '2026-11-30'), 'roll-ups');
    assert.equal(await reading('2026-08-01', '2026-11-30'), 'roll-ups');
    assert.equal(await reading('2026-10-01', '2026-11-30'), 'facts');
  });
});
