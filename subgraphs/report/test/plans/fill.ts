import type { Client } from 'pg';

/** SQL of a column's value in row `n`, the first row being 0. */
export type Values = Readonly<Record<string, string>>;

/**
 * Writes so many rows. Columns that are not named get their default or null, or, where they need a
 * value, a plain one of their type.
 */
export async function fill(
  client: Client,
  table: string,
  { rows, values }: { rows: number; values: Values },
): Promise<void> {
  const { rows: needed } = await client.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, null) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped
       and attnotnull and not atthasdef and attidentity = ''`,
    [table],
  );
  const plain = needed.filter(({ name }) => values[name] === undefined);
  const all = [
    ...plain.map(({ name, type }) => [name, plainValue(type)]),
    ...Object.entries(values),
  ];
  await client.query(
    `insert into ${table} (${all.map(([name]) => name).join(', ')})
     select ${all.map(([, value]) => value).join(', ')} from generate_series(0, $1::int - 1) n`,
    [rows],
  );
}

function plainValue(type: string): string {
  const value = PLAIN[type];
  if (value === undefined) throw new TypeError(`Needs a plain value of type ${type}`);
  return value;
}

const PLAIN: Values = {
  uuid: 'gen_random_uuid()',
  text: `'text ' || n`,
  integer: '1',
  bigint: '1',
  numeric: '1',
  'double precision': '1',
  boolean: 'true',
  date: 'current_date',
  'timestamp with time zone': 'now()',
  jsonb: `'{}'`,
  'text[]': `'{}'`,
  'integer[]': `array[1, 2, 3, n % 5]`,
};
