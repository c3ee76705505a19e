import type { FormattedExecutionResult } from 'graphql';
import type { EventStream } from './event-queue.ts';
import { SharedStream } from './shared-stream.ts';
import type { Joining, SharedStreamParts } from './shared-stream.ts';

/** What a shared subscription needs that is its own; it is opened only if nobody has it yet. */
export type OpenedSource = Pick<
  SharedStreamParts,
  'field' | 'source' | 'complete' | 'beforeTold' | 'seal'
> & {
  onEnd: () => void;
};

/** All subscriptions that clients of equal rights can share. */
export type SharedStreams = {
  /** Joins a subscription of this key that has what the client wants, or opens one. */
  join(
    key: string,
    joining: Joining,
    open: () => OpenedSource,
  ): EventStream<FormattedExecutionResult>;
};

/** A process's shared subscriptions; one that nobody is left in is closed and forgotten. */
export function createSharedStreams({
  capacity,
  metrics,
}: Pick<SharedStreamParts, 'capacity' | 'metrics'>): SharedStreams {
  const byKey = new Map<string, Set<SharedStream>>();
  const add = (key: string, from: string | null, opened: OpenedSource): SharedStream => {
    const streams = byKey.get(key) ?? new Set();
    byKey.set(key, streams);
    const stream = new SharedStream({
      ...opened,
      from,
      capacity,
      metrics,
      onMoved() {
        if (streams.size > 1) merge(stream, streams);
      },
      onEnd() {
        streams.delete(stream);
        if (streams.size === 0 && byKey.get(key) === streams) byKey.delete(key);
        metrics.sources.dec();
        opened.onEnd();
      },
    });
    streams.add(stream);
    metrics.sources.inc();
    return stream;
  };
  return {
    join(key, joining, open) {
      for (const stream of byKey.get(key) ?? []) {
        const joined = stream.join(joining);
        if (joined) return joined;
      }
      const stream = add(key, joining.from, open());
      const joined = stream.join(joining);
      if (!joined) throw new Error('A new subscription has what its first client wants');
      stream.start();
      return joined;
    },
  };
}

/** Nobody needs a subscription of his own any longer than until it tells what another one tells. */
function merge(stream: SharedStream, others: ReadonlySet<SharedStream>): void {
  for (const other of others) {
    if (other !== stream && other.takeOver(stream)) return;
  }
}
