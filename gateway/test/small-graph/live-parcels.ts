import type { EventEmitter } from 'node:events';
import { createBell } from '@quantumroute/ops/bell';
import { live, mark, readPosition, resumePosition } from '@quantumroute/ops/live-event';
import type { LiveEvent, LiveMark, LiveSource } from '@quantumroute/ops/live-event';
import { pull } from '@quantumroute/ops/pull';
import { watchRow } from '@quantumroute/ops/watch-row';

/** What outlives a subgraph that is started again. */
export type Memory = {
  statuses: Map<string, string>;
  /** The parcel of every change, in order. */
  history: string[];
};

/** A parcel in one of its versions. */
export type ParcelRow = { id: string; version: number };

/** Nothing has happened yet. */
export function newMemory(): Memory {
  return { statuses: new Map(), history: [] };
}

/** Sources that can be resumed: one parcel by its version, all of them by the count of changes. */
export function liveParcels(memory: Memory, changes: EventEmitter) {
  const { statuses, history } = memory;
  const versionOf = (id: string) => 1 + history.filter((changed) => changed === id).length;
  const listen = (listener: (id: string) => void) => {
    changes.on('change', listener);
    return () => void changes.off('change', listener);
  };
  return {
    one: (id: string): LiveSource<ParcelRow> =>
      watchRow({
        listen: (listener) =>
          listen((changed) => changed === id && listener({ version: versionOf(id) })),
        load: async () => ({ id, version: versionOf(id) }),
        isFinal: () => statuses.get(id) === 'DELIVERED',
      }),
    all(): LiveSource<string> {
      const bell = createBell();
      let at = readPosition(resumePosition() ?? '')?.number ?? history.length;
      let isMarked = false;
      return pull<LiveEvent<string> | LiveMark>({
        bell,
        free: listen(() => bell.ring()),
        take: async () => {
          const id = history[at];
          if (id !== undefined) {
            at += 1;
            return live({ value: id, position: `e.${at}`, mode: 'feed' });
          }
          if (isMarked) return null;
          isMarked = true;
          return mark({ position: `e.${at}`, mode: 'feed' });
        },
      });
    },
  };
}
