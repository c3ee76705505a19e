import { RedisPubSub } from 'graphql-redis-subscriptions';

import type { Logger } from './log.ts';
import { closeRedis, openRedis } from './redis.ts';

/** One kind of event on its way through Redis, on a channel of its own for each organization. */
export type OrganizationEvents<E extends { organizationId: string }> = {
  /** The channel of an organization, given its UUID. */
  readonly channelOf: (prefix: string, organizationId: string) => string;
  /** The event inside a message; null for anything else. */
  readonly read: (message: string) => E | null;
};

export type EventConnection = { redisUrl: string; redisPrefix: string; log: Logger };

/** The publishing side. `publish` never throws: the rows tell of every change, too. */
export function createEventPublisher<E extends { organizationId: string }>(
  { channelOf }: OrganizationEvents<E>,
  { redisUrl: url, redisPrefix, log }: EventConnection,
): { publish: (event: E) => Promise<void>; close(): Promise<void> } {
  const redis = openRedis({ url, log, role: 'commands' });
  // Subscribing is for the other side; RedisPubSub wants to be given both connections.
  const pubsub = new RedisPubSub({ publisher: redis, subscriber: redis });
  return {
    publish: async (event) => {
      try {
        await pubsub.publish(channelOf(redisPrefix, event.organizationId), event);
      } catch (error) {
        log.debug({ err: error, event }, 'event not published');
      }
    },
    close: () => closeRedis(redis),
  };
}

/**
 * The subscribing side: one pattern for a whole process, so that a subscriber who comes or goes
 * costs Redis nothing. `onGap` is called whenever events may have been missed.
 */
export function subscribeToEvents<E extends { organizationId: string }>(
  { channelOf, read }: OrganizationEvents<E>,
  { redisUrl: url, redisPrefix, log }: EventConnection,
  { onEvent, onGap }: { onEvent: (event: E) => void; onGap: () => void },
): { close(): Promise<void> } {
  const redis = openRedis({ url, log, role: 'subscriber' });
  const pubsub = new RedisPubSub({
    publisher: redis,
    subscriber: redis,
    deserializer: (source) => read(source.toString('utf8')),
  });
  redis.once('ready', () => {
    pubsub
      .subscribe<E | null>(
        everyOrganization((id) => channelOf(redisPrefix, id)),
        (event) => event !== null && onEvent(event),
        { pattern: true },
      )
      .then(onGap, (error: unknown) => log.warn({ err: error }, 'events cannot be heard'));
    redis.on('ready', onGap);
  });
  return { close: () => closeRedis(redis) };
}

/** The organizations' channels as a Redis pattern; the prefix is ours, but may have glob characters. */
function everyOrganization(channelOf: (organizationId: string) => string): string {
  const anyId = '00000000-0000-0000-0000-000000000000';
  const before = channelOf(anyId).slice(0, -anyId.length);
  return `${before.replaceAll(/[*?[\]\\]/g, '\\$&')}*`;
}
