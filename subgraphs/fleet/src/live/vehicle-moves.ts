import { setTimeout as sleep } from 'node:timers/promises';
import { addListener } from '@quantumroute/ops/listeners';
import type { Listeners } from '@quantumroute/ops/listeners';
import type { Logger } from '@quantumroute/ops/log';
import type { Postgres } from '@quantumroute/ops/postgres';
import { runDetached } from '@quantumroute/ops/request';
import { createSafetyNet } from '@quantumroute/ops/safety-net';
import { movedOrganizations, presentSnapshot, renumberRestored } from '../storage/stores/moves.ts';
import type { VehicleMoved } from './vehicle-moved.ts';

/** Who follows vehicles in this process. */
export type VehicleMoves = {
  /** Gives what stops the listening. Nothing is said about who has moved: the rows tell it. */
  ofOrganization(organizationId: string, listener: () => void): () => void;
  /** What the database shows after the call: the same for all who ask at the same moment. */
  present(): Promise<string>;
  /** An event has arrived. */
  tell(event: VehicleMoved): void;
  /** Events may have been missed: looks whose rows have changed. Never rejects. */
  catchUp(): Promise<void>;
  close(): void;
};

const SAFETY_NET_MS = 5_000;
/** So long one who asks waits for others, whose frames then begin and end at the same place. */
const GATHER_MS = 10;

/**
 * Wakes whoever follows. Redis forgets what it could not deliver, so the rows are looked at as well,
 * every few seconds and after each gap, with one statement for all of them together.
 */
export function createVehicleMoves({
  postgres,
  log,
}: {
  postgres: Postgres;
  log: Logger;
}): VehicleMoves {
  const byOrganization: Listeners<null> = new Map();
  let asked: Promise<string> | null = null;
  let seen: string | null = null;
  const tell = ({ organizationId }: VehicleMoved) => {
    for (const listener of byOrganization.get(organizationId) ?? []) listener(null);
  };
  const look = async () => {
    const em = postgres.fork();
    if (seen === null) await renumberRestored(em);
    const now = await presentSnapshot(em);
    const followed = [...byOrganization.keys()];
    const moved =
      seen === null || followed.length === 0
        ? followed
        : await movedOrganizations(em, { organizationIds: followed, since: seen });
    for (const organizationId of moved) tell({ organizationId });
    seen = now;
  };
  const net = createSafetyNet({
    look,
    everyMs: SAFETY_NET_MS,
    onFailure: (error) => log.warn({ err: error }, 'who follows vehicles could not catch up'),
  });
  return {
    ofOrganization: (organizationId, listener) =>
      addListener(byOrganization, organizationId, listener),
    present() {
      asked ??= runDetached(async () => {
        await sleep(GATHER_MS);
        asked = null;
        return presentSnapshot(postgres.fork());
      });
      return asked;
    },
    tell,
    catchUp: net.look,
    close: net.close,
  };
}
