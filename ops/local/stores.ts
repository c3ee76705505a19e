import { join } from 'node:path';
import { openLogFile } from './log-file.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';

/** The PostgreSQL and Redis of a stack. */
export type Stores = {
  databaseUrl: string;
  redisUrl: string;
  /** Process numbers of those that are ours. */
  pids: readonly number[];
  stop(): Promise<void>;
};

/**
 * Starts PostgreSQL and Redis below `directory`, except where DATABASE_URL or REDIS_URL names a
 * server that exists.
 */
export async function openStores({
  directory,
  env,
  postgresPassword,
}: {
  directory: string;
  env: NodeJS.ProcessEnv;
  postgresPassword: string;
}): Promise<Stores> {
  await using started = new AsyncDisposableStack();
  const pids: number[] = [];
  const logOf = (name: string) => openLogFile(join(directory, 'logs', `${name}.log`)).write;

  let databaseUrl = env['DATABASE_URL'];
  if (!databaseUrl) {
    const postgres = await startPostgres({
      directory: join(directory, 'postgres'),
      password: postgresPassword,
      onLog: logOf('postgres'),
    });
    started.defer(postgres.stop);
    pids.push(postgres.pid);
    databaseUrl = await postgres.database('quantumroute');
  }
  let redisUrl = env['REDIS_URL'];
  if (!redisUrl) {
    const redis = await startRedis({ directory: join(directory, 'redis'), onLog: logOf('redis') });
    started.defer(redis.stop);
    pids.push(redis.pid);
    redisUrl = redis.url;
  }
  // Redis was started last and is stopped first.
  const running = started.move();
  return { databaseUrl, redisUrl, pids, stop: () => running.disposeAsync() };
}
