import { setTimeout as sleep } from 'node:timers/promises';

import type { EntityManager } from '@mikro-orm/postgresql';

import { projectBatch } from './projector.ts';
import { rollUpNext } from './roll-up.ts';

export type CatchUp = {
  readonly organizationId: string;
  /** What was committed before this instant of the database's clock shall be in the numbers. */
  readonly until: Date;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
};

const TIMEOUT_MS = 5_000;
const PAUSE_MS = 20;

/**
 * Waits until the numbers of an organization hold what was committed before `until`, and lends a hand
 * meanwhile. False when the time was not enough: numbers then say themselves how old they are.
 */
export async function catchUp(
  em: EntityManager,
  { organizationId, until, signal, timeoutMs = TIMEOUT_MS }: CatchUp,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const remaining = await remainingWork(em, organizationId, until);
    if (remaining === 'none') return true;
    if (performance.now() > deadline) return false;
    const hasHelped =
      remaining === 'events'
        ? await helpToProject(em, until)
        : (await rollUpNext(em.fork(), { organizationId })) !== null;
    // An abort is thrown as it was given, above.
    if (!hasHelped) await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function remainingWork(
  em: EntityManager,
  organizationId: string,
  until: Date,
): Promise<'events' | 'days' | 'none'> {
  const [row]: { behind: boolean; dirty: boolean }[] = await em.execute(
    `select consumed_until < ? as behind, exists (
       select from report.dirty_days where organization_id = ? and since < ?) as dirty
     from report.projection where consumer = 'facts'`,
    [until, organizationId, until],
  );
  if (row?.behind !== false) return 'events';
  return row.dirty ? 'days' : 'none';
}

/** False when there is nothing to do but to wait: for another projector, or for a transaction to end. */
async function helpToProject(em: EntityManager, until: Date): Promise<boolean> {
  const batch = await projectBatch(em.fork());
  if (batch.state === 'busy') return false;
  return !batch.isDrained || batch.consumedUntil >= until.getTime();
}
