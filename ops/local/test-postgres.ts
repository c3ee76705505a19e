import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardOfThisProcess } from './guard.ts';
import { type LocalPostgres, startPostgres } from './postgres.ts';

/** A PostgreSQL of one test's own, for tests that stop it. */
export type TestPostgres = {
  /** What TEST_DATABASE_URL is set to, for databases of this server. */
  url: string;
  /** As a crash: at once, whatever it is doing. Data and port stay for `start`. */
  crash(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts a PostgreSQL that keeps what it acknowledged, as those of operators do; databases of it are made as with every other, but need a first template. */
export async function testPostgres(): Promise<TestPostgres> {
  const directory = mkdtempSync(join(tmpdir(), 'quantumroute-postgres-'));
  chmodSync(directory, 0o755);
  guardOfThisProcess().removeAfterwards(directory);
  const options = { directory: join(directory, 'data'), password: 'test', durable: true };
  let postgres: LocalPostgres = await startPostgres(options);
  const { port } = postgres;
  return {
    url: postgres.urlOf(),
    crash: () => postgres.kill(),
    async start() {
      postgres = await startPostgres({ ...options, port });
    },
    async stop() {
      await postgres.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
