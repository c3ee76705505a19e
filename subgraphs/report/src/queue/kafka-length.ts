import { ListOffsetTimestamps } from '@platformatic/kafka';
import type { Admin } from '@platformatic/kafka';

import { PARTITIONS } from './kafka-topics.ts';
import type { QueueTopics } from './kafka-topics.ts';

/** Messages that the group has not committed yet. */
export async function countWaiting(
  admin: Admin,
  { requested, group }: QueueTopics,
): Promise<number> {
  const [first, last, committed] = await Promise.all([
    offsetsOf(admin, requested, ListOffsetTimestamps.EARLIEST),
    offsetsOf(admin, requested, ListOffsetTimestamps.LATEST),
    committedOffsets(admin, requested, group),
  ]);
  let waiting = 0n;
  for (const [partition, end] of last) {
    const start = first.get(partition) ?? 0n;
    const done = committed.get(partition) ?? start;
    waiting += end - (done > start ? done : start);
  }
  return Number(waiting);
}

async function offsetsOf(
  admin: Admin,
  topic: string,
  timestamp: bigint,
): Promise<Map<number, bigint>> {
  const partitions = Array.from({ length: PARTITIONS }, (_none, partitionIndex) => ({
    partitionIndex,
    timestamp,
  }));
  const [listed] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
  return new Map(listed?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset]));
}

/** Without those that nobody has committed yet. */
async function committedOffsets(
  admin: Admin,
  topic: string,
  group: string,
): Promise<Map<number, bigint>> {
  const groups = await admin.listConsumerGroupOffsets({ groups: [group] });
  const topics = groups.flatMap((each) => each.topics).filter(({ name }) => name === topic);
  const partitions = topics.flatMap((each) => each.partitions);
  return new Map(
    partitions
      .filter(({ committedOffset }) => committedOffset >= 0n)
      .map(({ partitionIndex, committedOffset }) => [partitionIndex, committedOffset]),
  );
}
