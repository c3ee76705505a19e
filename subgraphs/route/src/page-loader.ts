import type DataLoader from 'dataloader';
import { createLoader } from '@quantumroute/ops/loader';
import type { Metrics } from '@quantumroute/ops/metrics';

/** A field with arguments of one parent object. */
export type PageKey<Arguments> = { parentId: string; arguments: Arguments };

/**
 * A loader for fields that take arguments: parents that ask with the same arguments share one
 * statement. `batch` answers in the order of its parents.
 */
export function createPageLoader<Arguments, V>({
  name,
  metrics,
  batch,
}: {
  name: string;
  metrics: Metrics;
  batch: (parentIds: readonly string[], page: Arguments) => Promise<readonly (V | null)[]>;
}): DataLoader<PageKey<Arguments>, V | null> {
  return createLoader<PageKey<Arguments>, V>({
    name,
    metrics,
    cacheKey: (key) => JSON.stringify(key),
    batch: async (keys) => {
      const values = new Map<PageKey<Arguments>, V | null>();
      await Promise.all(
        groupsOf(keys).map(async (group) => {
          const [{ arguments: page }] = group;
          const found = await batch(
            group.map(({ parentId }) => parentId),
            page,
          );
          for (const [index, key] of group.entries()) values.set(key, found[index] ?? null);
        }),
      );
      return keys.map((key) => values.get(key) ?? null);
    },
  });
}

type Group<Arguments> = [PageKey<Arguments>, ...PageKey<Arguments>[]];

function groupsOf<Arguments>(keys: readonly PageKey<Arguments>[]): Group<Arguments>[] {
  const groups = new Map<string, Group<Arguments>>();
  for (const key of keys) {
    const name = JSON.stringify(key.arguments);
    const group = groups.get(name);
    if (group) group.push(key);
    else groups.set(name, [key]);
  }
  return [...groups.values()];
}
