import { Consumer, stringDeserializers } from '@platformatic/kafka';
import type { Message } from '@platformatic/kafka';

import type { KafkaConnection } from '@quantumroute/ops/kafka-settings';

import { createHandledOffsets } from './handled-offsets.ts';
import type { QueueTopics } from './kafka-topics.ts';
import type { QueueMetrics } from './queue-metrics.ts';
import { within } from './within.ts';

export type KafkaMessage = Message<string, string, string, string>;
type GroupMember = Consumer<string, string, string, string>;

export type SessionParts = {
  readonly connection: KafkaConnection;
  readonly topics: QueueTopics;
  readonly metrics: QueueMetrics;
  readonly concurrency: number;
};

type Session = {
  handle: (message: KafkaMessage) => Promise<void>;
  /** Aborted: takes no more messages, ends when those in hand are handled and committed. */
  signal: AbortSignal;
};

/** Membership of the group, from joining to leaving. Throws when Kafka ends it. */
export async function openKafkaSession(parts: SessionParts, session: Session): Promise<void> {
  const { connection, topics } = parts;
  const member: GroupMember = new Consumer({
    ...connection.options,
    ...MEMBERSHIP,
    groupId: topics.group,
    deserializers: stringDeserializers,
  });
  try {
    await takeMessages(parts, member, session);
  } finally {
    await within(member.close(true), 'close').catch(() => undefined);
  }
}

const MEMBERSHIP = {
  // The shortest that brokers allow by default: the partitions of a dead worker are stuck so long.
  sessionTimeout: 6_000,
  heartbeatInterval: 1_500,
  rebalanceTimeout: 6_000,
  heartbeatStallTimeout: 10_000,
  // Joining waits for the other members, and fetching for messages.
  requestTimeout: 15_000,
  maxWaitTime: 1_000,
  maxBytes: 1_048_576,
  maxBytesPerPartition: 65_536,
  autocommit: false,
} as const;
const COMMIT_INTERVAL_MS = 200;

async function takeMessages(
  parts: SessionParts,
  member: GroupMember,
  { handle, signal }: Session,
): Promise<void> {
  const { topics, concurrency, metrics } = parts;
  const offsets = createHandledOffsets();
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  const running = new Set<Promise<void>>();
  member.on('consumer:group:join', ({ assignments }) => {
    metrics.assignments.inc();
    const owned = assignments?.find(({ topic }) => topic === topics.requested);
    offsets.keepOnly(owned?.partitions ?? []);
  });
  member.on('error', broken.reject);
  member.on('consumer:heartbeat:stalled', () => broken.reject(new Error('Kafka does not answer')));
  const stream = await member.consume({
    topics: [topics.requested],
    mode: 'committed',
    fallbackMode: 'earliest',
  });
  const commit = () => commitHandled({ member, topic: topics.requested, offsets });
  const timer = setInterval(() => void commit().catch(() => undefined), COMMIT_INTERVAL_MS);
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  stream.on('error', broken.reject);
  stream.on('close', () => broken.reject(new Error('Kafka ended the stream')));
  stream.on('data', (message) => {
    if (!offsets.begin(message)) return;
    const run = handle(message)
      .then(() => offsets.end(message), broken.reject)
      .finally(() => {
        running.delete(run);
        if (!signal.aborted) stream.resume();
      });
    running.add(run);
    if (running.size >= concurrency || signal.aborted) stream.pause();
  });
  try {
    await Promise.race([stopped, broken.promise]);
    stream.pause();
    // Meanwhile we stay a member: nobody else need handle the same.
    while (running.size > 0) await Promise.allSettled(running);
    await within(commit(), 'commit').catch(() => undefined);
  } finally {
    clearInterval(timer);
    await Promise.allSettled(running);
    stream.on('error', () => undefined);
    await within(stream.close(), 'close').catch(() => undefined);
  }
}

/** A commit that fails is made up for by the next, or what it was about comes again. */
async function commitHandled({
  member,
  topic,
  offsets,
}: {
  member: GroupMember;
  topic: string;
  offsets: ReturnType<typeof createHandledOffsets>;
}): Promise<void> {
  const positions = offsets.toCommit();
  if (positions.length === 0) return;
  await member.commit({
    offsets: positions.map((position) => ({ ...position, topic, leaderEpoch: -1 })),
  });
  offsets.committed(positions);
}
