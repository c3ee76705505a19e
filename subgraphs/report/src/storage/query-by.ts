import type { EntityManager } from '@mikro-orm/postgresql';

import type { Sql } from './sql.ts';

/** Runs composed SQL through an entity manager: its timeouts, its counting, its pool. */
export function queryBy(em: EntityManager) {
  return ({ text, values }: Sql): Promise<Record<string, unknown>[]> =>
    em.execute(text, [...values]);
}
