import { setTimeout as sleep } from 'node:timers/promises';

import type { KafkaConnection } from '@quantumroute/ops/kafka-settings';
import { ensureTopics, openProducer } from '@quantumroute/ops/kafka';
import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';

import type { OutboxEvent } from '../storage/stores/outbox-queries.ts';
import { readEvents } from '../storage/stores/outbox-queries.ts';
import {
  readRelayPosition,
  takeRelayTurn,
  writeRelayPosition,
} from '../storage/stores/relay-positions.ts';
import type { RelayMetrics } from './relay-metrics.ts';
import { createRelayMetrics } from './relay-metrics.ts';

export type EventRelayOptions = {
  postgres: Postgres;
  connection: KafkaConnection;
  log: Logger;
  metrics: Metrics;
  /** How long it rests when there is nothing to do, or nothing to do it with. */
  restMs?: number;
};

const DEFAULT_REST_MS = 500;
const BATCH = 500;
const PARTITIONS = 12;
/** Of the whole batch; the transaction that holds the turn waits so long for Kafka at most. */
const SEND_TIMEOUT_MS = 5_000;

type Producer = ReturnType<typeof openProducer>;

/**
 * Tells Kafka what the outbox holds, keyed by organization, in order and at least once. Of all
 * processes one at a time does: the others ask now and then whether it is their turn. What is told
 * twice, after a failure, carries the same position, by which a consumer knows it.
 */
export class EventRelay implements AsyncDisposable {
  readonly #options: EventRelayOptions;
  readonly #metrics: RelayMetrics;
  readonly #topic: string;
  readonly #closing = new AbortController();
  readonly #ended: Promise<void>;
  #producer: Producer | undefined;

  constructor(options: EventRelayOptions) {
    this.#options = options;
    this.#topic = `${options.connection.prefix}route.events`;
    this.#metrics = createRelayMetrics({ ...options, target: this.#topic });
    this.#ended = this.#work();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#ended;
    await this.#letGo();
  }

  async #work(): Promise<void> {
    const { log, restMs = DEFAULT_REST_MS } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const isDone = await this.#step().catch(async (error: unknown) => {
        this.#metrics.failures.inc();
        log.warn({ err: error }, 'events could not be relayed');
        // Its sequence may be broken: the next attempt begins a new one.
        await this.#letGo();
        return true;
      });
      if (isDone) await sleep(restMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** True when nothing is left to do for now. */
  #step(): Promise<boolean> {
    const { postgres } = this.#options;
    return postgres.fork().transactional(async (em) => {
      if (!(await takeRelayTurn(em, this.#topic))) return true;
      const after = await readRelayPosition(em, this.#topic);
      const events = await readEvents(em, { after, limit: BATCH });
      const last = events.at(-1);
      if (last === undefined) return true;
      await this.#send(events);
      await writeRelayPosition(em, this.#topic, last);
      this.#metrics.relayed.inc(events.length);
      return events.length < BATCH;
    });
  }

  async #send(events: readonly OutboxEvent[]): Promise<void> {
    const { signal } = this.#closing;
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(SEND_TIMEOUT_MS)]);
    const sent = this.#open(deadline).then((producer) =>
      producer.send({ messages: events.map((event) => messageOf(this.#topic, event)) }),
    );
    await Promise.race([sent, rejectedBy(deadline)]);
  }

  /** Who gets a producer after the deadline would leave it behind, and tell old events after newer ones. */
  async #open(deadline: AbortSignal): Promise<Producer> {
    if (this.#producer !== undefined) return this.#producer;
    const { connection } = this.#options;
    await ensureTopics(connection, [{ topic: this.#topic, partitions: PARTITIONS }]);
    deadline.throwIfAborted();
    return (this.#producer = openProducer(connection, { isIdempotent: true }));
  }

  async #letGo(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    const closed = producer?.close(true).catch(() => undefined);
    await Promise.race([closed, sleep(1_000, undefined, { ref: false })]);
  }
}

function messageOf(topic: string, event: OutboxEvent) {
  return {
    topic,
    key: event.organizationId,
    value: JSON.stringify(event),
    headers: { type: event.type },
  };
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const refuse = () => reject(new Error('Kafka did not take the events in time'));
    if (signal.aborted) refuse();
    signal.addEventListener('abort', refuse, { once: true });
  });
}
