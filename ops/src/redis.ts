import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import type { Logger } from './log.ts';

/**
 * What a connection is for. `commands` fails within 100 ms when Redis is away; `subscriber` and
 * `blocking` wait for its return, because they have nothing else to do.
 */
export type RedisRole = 'commands' | 'subscriber' | 'blocking';

/**
 * Opens a connection that outlives every restart of Redis. It never throws at start: while Redis is
 * away, commands fail at once (`commands`) or wait (`subscriber`, `blocking`).
 */
export function openRedis({
  url,
  log,
  role,
}: {
  url: string;
  log: Logger;
  role: RedisRole;
}): Redis {
  const redis = new Redis(url, { ...COMMON_OPTIONS, ...ROLE_OPTIONS[role] });
  let reachable = true;
  // Without a listener ioredis prints to stderr; one line per outage says as much as thousands.
  redis.on('error', (error: Error) => {
    if (reachable) log.warn({ role, err: error }, 'redis is away');
    reachable = false;
  });
  redis.on('ready', () => {
    if (!reachable) log.info({ role }, 'redis is back');
    reachable = true;
  });
  return redis;
}

/**
 * Joins the parts of a key after `prefix`. Each part is escaped, so that different parts never make
 * the same key: `redisKey(p, 'a:b', 'c')` is not `redisKey(p, 'a', 'b:c')`.
 */
export function redisKey(prefix: string, ...parts: readonly string[]): string {
  return prefix + parts.map(escapePart).join(':');
}

/** Closes the connection, waiting shortly for commands in flight. Never throws. */
export async function closeRedis(redis: Redis): Promise<void> {
  const quit = redis.status === 'ready' ? redis.quit().catch(() => undefined) : undefined;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
  });
  await Promise.race([quit, patience]);
  clearTimeout(timer);
  redis.disconnect();
}

const CLOSE_TIMEOUT_MS = 500;

const COMMON_OPTIONS: RedisOptions = {
  connectTimeout: 1_000,
  keepAlive: 10_000,
  retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 1_000),
  enableReadyCheck: true,
};

const ROLE_OPTIONS: Record<RedisRole, RedisOptions> = {
  commands: {
    commandTimeout: 100,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  },
  subscriber: { autoResubscribe: true, maxRetriesPerRequest: null },
  // BullMQ insists on null here and blocks on purpose, so that no command timeout fits.
  blocking: { maxRetriesPerRequest: null },
};

function escapePart(part: string): string {
  return part.replaceAll('%', '%25').replaceAll(':', '%3A');
}
