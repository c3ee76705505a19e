import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Client } from 'pg';

import { testDatabase } from '@quantumroute/ops/local/testing';

import { measureNames, measures } from './measures.ts';

let sql: Client;
let database: Awaited<ReturnType<typeof testDatabase>>;

before(async () => {
  database = await testDatabase(['fleet', 'route', 'report']);
  sql = new Client({ connectionString: database.url });
  await sql.connect();
});

after(async () => {
  await sql.end();
  await database.drop();
});

async function value<T>(statement: string, values: unknown[] = []): Promise<T> {
  const { rows } = await sql.query<{ value: T }>(statement, values);
  return rows[0]?.value as T;
}

const histogramOf = (seconds: string) =>
  `report.histogram_of(array_agg(report.histogram_bucket(${seconds})))`;

const GRAINS = { driver_days: 'routes', depot_days: 'routes', partner_days: 'stops' };

describe('the columns of the roll-ups', () => {
  for (const [table, widest] of Object.entries(GRAINS)) {
    test(`${table} has one for each measure of its grain, and no other`, async () => {
      const columns = await value<string[]>(
        `select array_agg(column_name::text) as value from information_schema.columns
         where table_schema = 'report' and table_name = $1
           and column_name <> 'service_date' and data_type <> 'uuid'`,
        [table],
      );
      const expected = measureNames.filter(
        (name) => widest === 'routes' || measures[name].facts === 'stops',
      );
      assert.deepEqual(columns.toSorted(), expected.toSorted());
    });
  }
});

describe('a histogram', () => {
  test('gives quantiles within 5 % and a second of the true ones', async () => {
    for (const q of [0.1, 0.5, 0.9, 0.99]) {
      const { rows } = await sql.query<{ near: number; exact: number }>(
        `select report.histogram_quantile(${histogramOf('n * n / 40')}, $1) as near,
           percentile_cont($1) within group (order by n * n / 40) as exact
         from generate_series(0, 1200) n`,
        [q],
      );
      const { near, exact } = rows[0] ?? { near: 0, exact: 0 };
      assert.ok(Math.abs(near - exact) <= 1 + exact * 0.05, `${q}: ${near} instead of ${exact}`);
    }
  });

  test('is the same whether it is counted at once or added up from parts', async () => {
    const { rows } = await sql.query<{ same: boolean }>(
      `select (select ${histogramOf('n')} from generate_series(0, 9999) n) =
         (select report.histogram_sum(part) from (
           select ${histogramOf('n')} as part from generate_series(0, 9999) n group by n % 7) parts
         ) as same`,
    );
    assert.deepEqual(rows, [{ same: true }]);
  });

  test('begins with its first value, and takes others before it and behind it', async () => {
    const { rows } = await sql.query(
      `select ${histogramOf('n')}::text as alone, (select report.histogram_sum(part)::text from
         (select ${histogramOf('m')} as part from unnest(array[30, 5, null, 60, 31]) m group by m) p
       ) as merged from unnest(array[30, 31]) n`,
    );
    assert.deepEqual(rows, [
      {
        alone: '[19:20]={1,1}',
        merged: '[5:29]={1,0,0,0,0,0,0,0,0,0,0,0,0,0,1,1,0,0,0,0,0,0,0,0,1}',
      },
    ]);
  });

  test('gives the same quantiles wherever its array begins', async () => {
    const { rows } = await sql.query(
      `select report.histogram_quantile('[3:5]={1,0,2}', q) =
         report.histogram_quantile('{0,0,1,0,2,0}', q) as same
       from unnest(array[0, 0.5, 1]) q`,
    );
    assert.deepEqual(rows, [{ same: true }, { same: true }, { same: true }]);
  });

  test('is empty without values, and has no quantile then', async () => {
    const { rows } = await sql.query(
      `select ${histogramOf('null::int')} as counts, report.histogram_sum(null::int[]) as merged,
         report.histogram_quantile('{}', 0.5) as quantile`,
    );
    assert.deepEqual(rows, [{ counts: [], merged: [], quantile: null }]);
  });

  test('holds everything between less than nothing and a year', async () => {
    const counts = await value<number[]>(
      `select ${histogramOf('n')} as value from unnest(array[-5, 0, 31536000]) n`,
    );
    assert.deepEqual([counts[0], counts.at(-1), counts.length], [2, 1, 160]);
  });
});

describe('a month of facts', () => {
  test('is opened once and takes the rows of its days', async () => {
    await sql.query(
      `select report.open_fact_month('2026-02-28'), report.open_fact_month('2026-02-01')`,
    );
    const partitions = await value<string[]>(
      `select array_agg(inhrelid::regclass::text order by 1) as value from pg_inherits
       where inhparent in ('report.stop_facts'::regclass, 'report.route_facts'::regclass)`,
    );
    assert.deepEqual(partitions.toSorted(), [
      'report.route_facts_2026_02',
      'report.stop_facts_2026_02',
    ]);
  });
});
