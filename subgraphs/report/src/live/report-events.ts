import { RedisPubSub } from 'graphql-redis-subscriptions';

import type { Logger } from '@quantumroute/ops/log';
import { closeRedis, openRedis } from '@quantumroute/ops/redis';
import { organizationReportsChannel, readReportUpdated } from '@quantumroute/schema/events';
import type { ReportUpdated } from '@quantumroute/schema/events';

/** Tells that a report changed, after the change is committed. Never throws: rows tell it too. */
export type PublishReport = (event: ReportUpdated) => Promise<void>;

type Options = { redisUrl: string; redisPrefix: string; log: Logger };

/** The publishing side, for workers and for requests. */
export function createReportPublisher({ redisUrl: url, redisPrefix, log }: Options): {
  publish: PublishReport;
  close(): Promise<void>;
} {
  const redis = openRedis({ url, log, role: 'commands' });
  // Subscribing is for the other side; RedisPubSub wants to be given both connections.
  const pubsub = new RedisPubSub({ publisher: redis, subscriber: redis });
  return {
    publish: async (event) => {
      try {
        await pubsub.publish(organizationReportsChannel(redisPrefix, event.organizationId), event);
      } catch (error) {
        log.debug({ err: error, reportId: event.reportId }, 'event not published');
      }
    },
    close: () => closeRedis(redis),
  };
}

/**
 * The subscribing side: one pattern for a whole process, so that a subscriber who comes or goes
 * costs Redis nothing. `onGap` is called whenever events may have been missed.
 */
export function subscribeToReports(
  { redisUrl: url, redisPrefix, log }: Options,
  { onEvent, onGap }: { onEvent: (event: ReportUpdated) => void; onGap: () => void },
): { close(): Promise<void> } {
  const redis = openRedis({ url, log, role: 'subscriber' });
  const pubsub = new RedisPubSub({
    publisher: redis,
    subscriber: redis,
    deserializer: (source) => readReportUpdated(source.toString('utf8')),
  });
  redis.once('ready', () => {
    pubsub
      .subscribe<ReportUpdated | null>(
        everyOrganization(redisPrefix),
        (event) => event !== null && onEvent(event),
        { pattern: true },
      )
      .then(onGap, (error: unknown) => log.warn({ err: error }, 'report events cannot be heard'));
    redis.on('ready', onGap);
  });
  return { close: () => closeRedis(redis) };
}

/** The organizations' channels as a Redis pattern; the prefix is ours, but may have glob characters. */
function everyOrganization(prefix: string): string {
  const anyId = '00000000-0000-0000-0000-000000000000';
  const channel = organizationReportsChannel(prefix, anyId);
  return `${channel.slice(0, -anyId.length).replaceAll(/[*?[\]\\]/g, '\\$&')}*`;
}
