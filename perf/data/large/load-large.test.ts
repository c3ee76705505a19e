import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '@quantumroute/ops/local/testing';
import pg from 'pg';
import { silentProgress } from '../load/progress.ts';
import { loadLarge } from './load-large.ts';

test('a large data set has at least the stops asked for, with their facts', async (t) => {
  const database = await testDatabase(['fleet', 'route', 'report']);
  const client = new pg.Client({ connectionString: database.url });
  t.after(async () => {
    await client.end();
    await database.drop();
  });
  await client.connect();

  const options = { stops: 2000, progress: silentProgress };
  const written = await loadLarge(client, options);
  assert.ok(written >= 2000 && written < 4000);
  const { rows } = await client.query(`
    select (select count(*)::int from route.stops) as stops,
      (select count(*)::int from report.stop_facts) as facts,
      (select sum(stop_count)::int from report.route_facts) as counted`);
  assert.deepEqual(rows, [{ stops: written, facts: written, counted: written }]);
  await assert.rejects(loadLarge(client, options), /large data set already/);
});
