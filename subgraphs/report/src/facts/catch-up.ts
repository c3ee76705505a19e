import { setTimeout as sleep } from 'node:timers/promises';

import type { EntityManager } from '@mikro-orm/postgresql';

import { databaseFailure } from '@quantumroute/ops/database-failure';

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
/** Few enough for the time that a statement has. */
const HELPED_EVENTS = 200;

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
    const hasHelped = await help(em, { organizationId, until, remaining });
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

type Help = Pick<CatchUp, 'organizationId' | 'until'> & { readonly remaining: 'events' | 'days' };

/**
 * False when there is nothing to do but to wait: for others who are at it, or for a transaction to
 * end. What takes longer than a statement may here is left to the workers, whose statements may.
 */
async function help(
  em: EntityManager,
  { organizationId, until, remaining }: Help,
): Promise<boolean> {
  try {
    if (remaining === 'events') return await helpToProject(em, until);
    return (await rollUpNext(em.fork(), { organizationId })) !== null;
  } catch (error) {
    if (databaseFailure(error)?.extensions['code'] === 'DEADLINE_EXCEEDED') return false;
    throw error;
  }
}

async function helpToProject(em: EntityManager, until: Date): Promise<boolean> {
  const batch = await projectBatch(em.fork(), { limit: HELPED_EVENTS });
  if (batch.state === 'busy') return false;
  return !batch.isDrained || batch.consumedUntil >= until.getTime();
}
