/** The settings of a single broker on the loopback, as Kafka reads them from a file. */
export function brokerProperties({
  port,
  controllerPort,
  data,
}: {
  port: number;
  controllerPort: number;
  data: string;
}): string {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': data,
    // Topics are made by the services, with the partitions that they need.
    'auto.create.topics.enable': false,
    // There is nobody to replicate to, and nobody else's partitions to share a start with.
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // The first worker of a group need not wait for others.
    'group.initial.rebalance.delay.ms': 0,
    // Segments and indexes are preallocated, which is much for topics of a few kilobytes.
    'log.segment.bytes': 16 * 1024 * 1024,
    'log.index.size.max.bytes': 256 * 1024,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  return lines.join('');
}
