import type { EntityManager, EntityName } from '@mikro-orm/postgresql';

/** One parameter for `?::uuid[]` or `?::text[]` of words; the ORM would spread an array over many. */
export function sqlArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

/** Rows for `jsonb_to_recordset(?::jsonb)`: any number of rows in one parameter. */
export function sqlRecords(rows: readonly object[]): string {
  return JSON.stringify(rows);
}

/** Rows of a hand-written statement as entities, each on its own: nothing is kept or tracked. */
export function mapRows<T extends object>(
  em: EntityManager,
  entity: EntityName<T>,
  rows: readonly object[],
): T[] {
  const mapper = em.fork();
  return rows.map((row) => mapper.map(entity, row));
}

/** Rows that carry the id of the object they belong to, in the order in which they came. */
export function groupRows<R>(
  keys: readonly string[],
  rows: readonly R[],
  keyOf: (row: R) => string,
): R[][] {
  const groups = new Map<string, R[]>(keys.map((key) => [key, []]));
  for (const row of rows) groups.get(keyOf(row))?.push(row);
  return keys.map((key) => groups.get(key) ?? []);
}
