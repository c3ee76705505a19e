import type { EntityManager } from '@mikro-orm/postgresql';
import type { Client } from 'pg';

const MONTHS_AHEAD = 3;

/** Opens this month and the next ones, so that facts never wait for a partition. */
export async function openMonthsAhead(em: EntityManager): Promise<void> {
  for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead += 1) {
    // One statement per month: each is a transaction of its own, and short.
    await em.execute(
      `select report.open_fact_month((date_trunc('month', current_date) + ? * interval '1 month')::date)`,
      [ahead],
    );
  }
}

/**
 * Counts, once a day, what plans over all months are made by: the server itself analyzes only the
 * partitions.
 */
export async function analyzeWhole(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_stat_user_tables
     where schemaname = 'report' and relname in ('stop_facts', 'route_facts')
       and coalesce(last_analyze, 'epoch') < now() - interval '1 day'`,
  );
  for (const { name } of rows) await client.query(`analyze report.${name}`);
}
