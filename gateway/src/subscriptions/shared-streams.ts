import type { FormattedExecutionResult } from 'graphql';
import type { EventStream } from './event-queue.ts';
import type { LiveMetrics } from './live-metrics.ts';
import { SharedStream } from './shared-stream.ts';
import type { Joining, StreamRegistry } from './shared-stream.ts';
import type { StreamSource } from './stream-source.ts';

/** All subscriptions of one engine that clients of equal rights can share. */
export type SharedStreams = {
  /** Joins a subscription of this key that has what the client wants, or opens one. */
  join(
    key: string,
    joining: Joining,
    source: () => StreamSource,
  ): EventStream<FormattedExecutionResult>;
  /** Those that are open. */
  all(): SharedStream[];
  /** Nobody joins this one here any more. */
  release(stream: SharedStream): void;
  /** Takes over one that another engine has released; it goes on from this source. */
  adopt(stream: SharedStream, source: StreamSource, how: { isReopened: boolean }): void;
};

/** An engine's shared subscriptions; one that nobody is left in is closed and forgotten. */
export function createSharedStreams({
  capacity,
  metrics,
}: {
  /** Events that wait for a slow client. */
  capacity: number;
  metrics: LiveMetrics;
}): SharedStreams {
  const byKey = new Map<string, Set<SharedStream>>();
  const enlist = (stream: SharedStream): void => {
    const streams = byKey.get(stream.key) ?? new Set();
    byKey.set(stream.key, streams);
    streams.add(stream);
  };
  const release = (stream: SharedStream): void => {
    const streams = byKey.get(stream.key);
    streams?.delete(stream);
    if (streams?.size === 0) byKey.delete(stream.key);
  };
  const registry: StreamRegistry = {
    onMoved(stream) {
      const streams = byKey.get(stream.key);
      if (streams && streams.size > 1) merge(stream, streams);
    },
    onEnd(stream) {
      release(stream);
      metrics.sources.dec();
    },
  };
  return {
    join(key, joining, source) {
      for (const stream of byKey.get(key) ?? []) {
        const joined = stream.join(joining);
        if (joined) return joined;
      }
      const { from } = joining;
      const parts = { key, source: source(), from, capacity, metrics, registry };
      const stream = new SharedStream(parts);
      enlist(stream);
      metrics.sources.inc();
      const joined = stream.join(joining);
      if (!joined) throw new Error('A new subscription has what its first client wants');
      stream.start();
      return joined;
    },
    all: () => [...byKey.values()].flatMap((streams) => [...streams]),
    release,
    adopt(stream, source, { isReopened }) {
      if (stream.goOn(source, { isReopened, registry })) enlist(stream);
    },
  };
}

/** Nobody needs a subscription of his own any longer than until it tells what another one tells. */
function merge(stream: SharedStream, others: ReadonlySet<SharedStream>): void {
  for (const other of others) {
    if (other !== stream && other.takeOver(stream)) return;
  }
}
