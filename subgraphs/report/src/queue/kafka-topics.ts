import type { Topic } from '@quantumroute/ops/kafka';
import type { KafkaConnection } from '@quantumroute/ops/kafka-settings';

/** What the queue is called in Kafka. */
export type QueueTopics = { requested: string; dead: string; group: string };

export function queueTopics({ prefix }: KafkaConnection): QueueTopics {
  return {
    requested: `${prefix}report.requested`,
    dead: `${prefix}report.requested.dead`,
    group: `${prefix}report-workers`,
  };
}

/** As many workers as partitions can be woken; more of them find their work in the rows. */
export const PARTITIONS = 12;

/** The topics to be made where they are missing. */
export function topicsToMake({ requested, dead }: QueueTopics): readonly Topic[] {
  return [
    { topic: requested, partitions: PARTITIONS },
    { topic: dead, partitions: 1 },
  ];
}
