import type { EntityManager } from '@mikro-orm/postgresql';

import { allocateToStops } from './allocation.ts';
import type { EventKey, EventRange } from './events.ts';
import { rangeOf, readKeys } from './events.ts';
import type { Projection } from './projection.ts';
import { advanced, takeProjection, writeProjection } from './projection.ts';
import { projectRoutes } from './route-projection.ts';
import { isBrokenEvent, setAside } from './set-aside.ts';
import { projectStops } from './stop-projection.ts';
import { touchedDays } from './touched-days.ts';

const BATCH_EVENTS = 1_000;

/** What one batch came to. `busy`: somebody else projects just now. */
export type Batch =
  | { readonly state: 'busy' }
  | {
      readonly state: 'projected';
      readonly events: number;
      readonly setAside: number;
      /** All events that can be read are facts now. */
      readonly isDrained: boolean;
      /** What was committed before, in milliseconds since 1970, is in the facts. */
      readonly consumedUntil: number;
    };

/**
 * Turns the next events of the route service into facts, marks their days as dirty and moves on, all
 * in one transaction: whatever crashes, each event counts once. One projector works at a time.
 */
export function projectBatch(
  em: EntityManager,
  { limit = BATCH_EVENTS }: { limit?: number } = {},
): Promise<Batch> {
  return em.transactional(async (tx) => {
    const projection = await takeProjection(tx);
    if (projection === null) return { state: 'busy' } as const;
    const keys = await readKeys(tx, { after: projection, limit });
    const broken = await projectSlice(tx, keys, projection);
    const isDrained = keys.length < limit;
    const next = advanced(projection, { last: keys.at(-1), isDrained });
    await writeProjection(tx, next);
    const { consumedUntil } = next;
    return {
      state: 'projected',
      events: keys.length,
      setAside: broken,
      isDrained,
      consumedUntil,
    } as const;
  });
}

/** Gives the number of events that were set aside; a slice with such an event is halved until it is found. */
async function projectSlice(
  tx: EntityManager,
  keys: readonly EventKey[],
  projection: Projection,
): Promise<number> {
  const range = rangeOf(keys);
  if (range === null) return 0;
  try {
    await tx.transactional((savepoint) => project(savepoint, range, projection));
    return 0;
  } catch (error) {
    if (!isBrokenEvent(error)) throw error;
    if (keys.length === 1) {
      await setAside(tx, range, error);
      return 1;
    }
    const half = Math.ceil(keys.length / 2);
    const first = await projectSlice(tx, keys.slice(0, half), projection);
    return first + (await projectSlice(tx, keys.slice(half), projection));
  }
}

async function project(
  tx: EntityManager,
  range: EventRange,
  { consumedUntil }: Projection,
): Promise<void> {
  const days = await touchedDays(tx, range, consumedUntil);
  await projectStops(tx, range);
  await projectRoutes(tx, range);
  await allocateToStops(tx, range, days);
}
