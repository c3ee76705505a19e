import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '@quantumroute/ops/local/testing';
import pg from 'pg';
import { fixedId } from '../fixed-id.ts';
import { copyLine } from './copy-text.ts';
import { copyRows } from './copy-rows.ts';

test('a line has one field for each column', () => {
  const at = new Date('2026-11-23T05:06:07.089Z');
  const row = { a: 'x', b: null, c: 1.5, d: true, e: at, f: ['a', 'b "c"'], g: { json: { h: 1 } } };
  assert.equal(
    copyLine(row, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'missing']),
    'x\t\\N\t1.5\tt\t2026-11-23T05:06:07.089Z\t{"a","b \\\\"c\\\\""}\t{"h":1}\t\\N\n',
  );
});

test('text survives COPY whatever it holds', async (t) => {
  const database = await testDatabase(['fleet']);
  const client = new pg.Client({ connectionString: database.url });
  t.after(async () => {
    await client.end();
    await database.drop();
  });
  await client.connect();
  const id = fixedId('organization', 77);
  const name = 'Tab\t newline\n backslash \\N quote " brace {} Žofie 🚚';
  const row = { id, name, time_zone: 'UTC', currency: 'USD' };
  assert.equal(await copyRows(client, { 'fleet.organizations': [row] }), 1);
  const { rows } = await client.query('select name from fleet.organizations where id = $1', [id]);
  assert.deepEqual(rows, [{ name }]);
});
