import { addListener } from '@quantumroute/ops/listeners';
import type { Listeners } from '@quantumroute/ops/listeners';
import type { Logger } from '@quantumroute/ops/log';
import type { Postgres } from '@quantumroute/ops/postgres';
import { runDetached } from '@quantumroute/ops/request';
import { createRetries } from '@quantumroute/ops/retries';

import { findLogEnd, readChanges } from '../storage/stores/change-log.ts';
import type { DayChanges } from '../storage/stores/change-log.ts';

/** Reads what changed, for everybody in this process who follows it. */
export type ChangeTail = {
  /**
   * What changes in an organization from now on. Gives what stops the listening: whoever reads a
   * state when he has it hears of everything that is not in it. A change comes as soon as it can be
   * seen, and once more, if that is later, when none can come before it any more.
   */
  listen(organizationId: string, listener: (changes: DayChanges) => void): Promise<() => void>;
  /** Something may have changed in this organization. */
  wake(organizationId: string): void;
  /** Something may have changed in any. */
  wakeAll(): void;
  close(): Promise<void>;
};

const SAFETY_NET_MS = 3_000;
/** Between two looks, however much happens. */
const REST_MS = 20;
/** A transaction that is open holds back the order of all that were begun after it. */
const HELD_BACK_MS = 50;
const MOST_DAYS = 500;

/** A look costs one statement, and another one when there is news; nobody who listens, no look. */
export function createChangeTail({
  postgres,
  log,
}: {
  postgres: Postgres;
  log: Logger;
}): ChangeTail {
  const listeners: Listeners<DayChanges> = new Map();
  let from: string | null = null;
  /** Transactions that were told and whose place in the order is not certain yet. */
  let early = new Set<string>();
  let looking: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Infinity;
  let isClosed = false;

  const retries = createRetries(() => lookIn(0));
  const lookIn = (ms: number) => {
    const at = performance.now() + ms;
    if (isClosed || at >= dueAt) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(() => runDetached(look), ms);
  };
  const look = async () => {
    dueAt = Infinity;
    looking ??= read()
      .then(
        (nextMs) => {
          retries.worked();
          return nextMs;
        },
        (error: unknown) => {
          log.warn({ err: error }, 'what changed could not be read');
          retries.failed();
          return SAFETY_NET_MS;
        },
      )
      .then((nextMs) => {
        looking = null;
        lookIn(nextMs);
      });
    await looking;
  };
  /** Gives when to look again. */
  const read = async (): Promise<number> => {
    const organizationIds = [...listeners.keys()];
    if (organizationIds.length === 0) from = null;
    if (from === null) return SAFETY_NET_MS;
    const em = postgres.fork();
    const end = await findLogEnd(em, { from, organizationIds });
    const days = end.hasNews
      ? await readChanges(em, { from, organizationIds, limit: MOST_DAYS })
      : [];
    for (const day of days) {
      if (early.has(day.transactionId) && isBehind(end.horizon, day)) continue;
      for (const listener of listeners.get(day.organizationId) ?? []) listener(day);
    }
    early = new Set(
      days.filter((day) => isBehind(end.horizon, day)).map((day) => day.transactionId),
    );
    const last = days.at(-1);
    // A transaction whose days did not all have room is read once more.
    if (last && days.length === MOST_DAYS && !isBehind(end.horizon, last)) {
      from = last.transactionId === from ? end.horizon : last.transactionId;
      return REST_MS;
    }
    from = end.horizon;
    return end.isHeldBack ? HELD_BACK_MS : SAFETY_NET_MS;
  };

  /** The first listener says where reading begins, and no look that left him out is under way. */
  const begin = async (organizationId: string) => {
    await looking;
    if (from !== null) return;
    const organizationIds = [organizationId];
    const { horizon } = await findLogEnd(postgres.fork(), { from: null, organizationIds });
    from ??= horizon;
  };

  lookIn(SAFETY_NET_MS);
  return {
    async listen(organizationId, listener) {
      const stop = addListener(listeners, organizationId, listener);
      try {
        await begin(organizationId);
      } catch (error) {
        stop();
        throw error;
      }
      return stop;
    },
    wake(organizationId) {
      if (listeners.has(organizationId)) lookIn(REST_MS);
    },
    wakeAll: () => lookIn(REST_MS),
    async close() {
      isClosed = true;
      retries.end();
      clearTimeout(timer);
      await looking;
    },
  };
}

function isBehind(horizon: string, { transactionId }: DayChanges): boolean {
  return BigInt(transactionId) >= BigInt(horizon);
}
