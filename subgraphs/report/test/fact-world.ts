import { Client } from 'pg';

import { testDatabase } from '@quantumroute/ops/local/testing';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';

import { openStorage } from '../src/storage/open-storage.ts';

/** A database with the tables of every room, for tests of facts. */
export type FactWorld = {
  readonly databaseUrl: string;
  readonly sql: Client;
  readonly postgres: Postgres;
  /** Another connection, closed with the world. */
  connect(): Promise<Client>;
  rows<T>(text: string, values?: readonly unknown[]): Promise<T[]>;
  drop(): Promise<void>;
};

export async function createFactWorld(): Promise<FactWorld> {
  const database = await testDatabase(['fleet', 'route', 'report']);
  const clients: Client[] = [];
  const connect = async () => {
    const client = new Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  };
  const sql = await connect();
  const postgres = await openStorage({
    config: {
      DATABASE_URL: database.url,
      DATABASE_POOL_SIZE: 10,
      DATABASE_STATEMENT_TIMEOUT_MS: 10_000,
    },
    log: createLogger({ service: 'report-test', level: 'silent' }),
    metrics: createMetrics('report-test'),
  });
  return {
    databaseUrl: database.url,
    sql,
    postgres,
    connect,
    rows: async <T>(text: string, values: readonly unknown[] = []) =>
      (await sql.query(text, [...values])).rows as T[],
    drop: async () => {
      await postgres.close();
      await Promise.all(clients.map((client) => client.end()));
      await database.drop();
    },
  };
}
