import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalBroker, startBroker } from '../kafka/broker.ts';
import { whyNoBroker } from '../kafka/classpath.ts';
import { guardOfThisProcess } from './guard.ts';

/** A Kafka of one test's own. */
export type TestKafka = {
  /** What KAFKA_BROKERS is set to. */
  brokers: string;
  pid(): number;
  /** As a crash: SIGKILL. Data and port stay for `start`. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * The reason to skip tests that need Kafka, false where they are to run: a broker takes Java 17 and
 * Maven and, on a busy machine, half a minute, so that they have a command of their own.
 */
export function withoutKafka(): string | false {
  if (process.env['CHAOS'] !== 'full') return 'npm run test:chaos -- kafka runs it';
  return whyNoBroker() ?? false;
}

/** Starts a Kafka, which takes some six seconds: share one among the tests of a file. */
export async function testKafka(): Promise<TestKafka> {
  const directory = mkdtempSync(join(tmpdir(), 'quantumroute-kafka-'));
  guardOfThisProcess().removeAfterwards(directory);
  let broker: LocalBroker = await startBroker({ directory });
  const { brokers, port } = broker;
  return {
    brokers,
    pid: () => broker.pid,
    kill: () => broker.kill(),
    async start() {
      broker = await startBroker({ directory, port });
    },
    async stop() {
      await broker.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
