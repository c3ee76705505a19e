import { RedisPubSub } from 'graphql-redis-subscriptions';
import { createEventLog } from './event-log.ts';
import type { EventLog, LoggedEvents, OrganizationEvents } from './event-log.ts';
import type { Logger } from './log.ts';
import { closeRedis, openRedis } from './redis.ts';

export type { LoggedEvents, OrganizationEvents } from './event-log.ts';

export type EventConnection = {
  redisUrl: string;
  redisPrefix: string;
  log: Logger;
  /** Events that are kept for each organization; default 2,000. */
  logEntries?: number;
};

/** Tells of a change, after it is committed. Never throws: the rows tell of every change, too. */
export type Publish<E> = (event: E) => Promise<void>;

/** The publishing side of events that are forgotten once they are told. */
export function createEventPublisher<E extends { organizationId: string }>(
  { channelOf }: OrganizationEvents<E>,
  { redisUrl: url, redisPrefix, log }: EventConnection,
): { publish: Publish<E>; close(): Promise<void> } {
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

/** The publishing side of events that are kept: appends them, which also wakes whoever listens. */
export function createLogPublisher<E extends { organizationId: string }>(
  events: LoggedEvents<E>,
  connection: EventConnection,
): { publish: Publish<E>; close(): Promise<void> } {
  const { log } = connection;
  const opened = openEventLog(events, connection);
  return {
    publish: async (event) => {
      try {
        await opened.log.append(event.organizationId, [event]);
      } catch (error) {
        log.debug({ err: error, event }, 'event not published');
      }
    },
    close: opened.close,
  };
}

/** The log of one kind of event, over a connection of its own. */
export function openEventLog<E extends { organizationId: string }>(
  events: LoggedEvents<E>,
  { redisUrl: url, redisPrefix: prefix, log, logEntries: capacity }: EventConnection,
): { log: EventLog<E>; close(): Promise<void> } {
  const redis = openRedis({ url, log, role: 'commands' });
  const options = { redis, prefix, ...(capacity === undefined ? {} : { capacity }) };
  return { log: createEventLog(events, options), close: () => closeRedis(redis) };
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
