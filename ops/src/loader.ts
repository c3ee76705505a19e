import DataLoader from 'dataloader';
import type { Metrics } from './metrics.ts';
import { currentRequest } from './request.ts';

/**
 * A DataLoader for one request: at most 500 keys per batch, each key asked for once. `batch` answers
 * in the order of its keys with null for what does not exist. `cacheKey` is needed for keys that
 * are not strings or numbers.
 */
export function createLoader<K, V>({
  name,
  batch,
  metrics,
  cacheKey,
}: {
  name: string;
  batch: (keys: readonly K[]) => Promise<(V | null | Error)[]>;
  metrics: Metrics;
  cacheKey?: (key: K) => string;
}): DataLoader<K, V | null> {
  const batchSizes = metrics.loaderBatchSize.labels({ loader: name });
  return new DataLoader<K, V | null, unknown>(
    async (keys) => {
      batchSizes.observe(keys.length);
      return batch(keys);
    },
    {
      name,
      batch: currentRequest()?.batching ?? true,
      maxBatchSize: MAX_BATCH_SIZE,
      ...(cacheKey ? { cacheKeyFn: cacheKey } : {}),
    },
  );
}

/** Aligns rows with the keys they were asked by: one row per key, null where there is none. */
export function byId<K, R>(
  keys: readonly K[],
  rows: readonly R[],
  idOf: (row: R) => K,
): (R | null)[] {
  const rowsById = new Map(rows.map((row) => [idOf(row), row]));
  return keys.map((key) => rowsById.get(key) ?? null);
}

const MAX_BATCH_SIZE = 500;
