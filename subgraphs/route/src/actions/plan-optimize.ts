import { userError } from '@quantumroute/ops/user-errors';
import { decodeId, newId } from '@quantumroute/schema/ids';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { RouteContext } from '../context.ts';
import { DEFAULT_ALGORITHM } from '../planning/planner.ts';
import type { PlanOptimizeInput } from '../resolvers/schema-types.ts';
import { depotDays } from '../storage/stores/depot-days.ts';
import { ensurePlan } from '../storage/stores/plan-writes.ts';
import { insertRun, lockLiveRuns } from '../storage/stores/run-writes.ts';
import { once } from './once.ts';
import { refuse } from './outcome.ts';
import type { Outcome } from './outcome.ts';

const MAX_LIVE_RUNS = 2;
const MAX_SECONDS = 120;

/** The schema has defaults for what its generated type calls optional. */
export type RunInput = PlanOptimizeInput & { timeLimitSeconds: number; seed: number };

/** Writes a run down, hands it to the queue and gives its id; it is computed after the answer. */
export async function optimizePlan(
  context: RouteContext,
  input: RunInput,
): Promise<Outcome<string>> {
  const { idempotencyKey, ...body } = input;
  const call = {
    operation: 'planOptimize',
    key: idempotencyKey,
    keyPath: ['input', 'idempotencyKey'],
    body,
  };
  let isNew = false;
  const outcome = await once(context, call, async (tx) => {
    isNew = true;
    return createRun(tx, context, input);
  });
  context.forgetLoaded();
  if (outcome.kind === 'done' && isNew) {
    try {
      // Loaded before it is handed over, so that the answer shows it as it was asked for.
      await context.loaders.runs.load(outcome.value);
    } finally {
      // Also for a client that has left: it will ask again with the same key.
      context.runQueue.enqueue(outcome.value);
    }
  }
  return outcome;
}

async function createRun(
  tx: EntityManager,
  { identity, scope, runQueue }: RouteContext,
  { depotId, date, seed, timeLimitSeconds }: RunInput,
): Promise<string> {
  if (timeLimitSeconds < 1 || timeLimitSeconds > MAX_SECONDS) {
    const message = `timeLimitSeconds needs 1 to ${MAX_SECONDS}, got ${timeLimitSeconds}`;
    refuse(userError.invalid(['input', 'timeLimitSeconds'], message));
  }
  const { organizationId, partnerId } = scope();
  const depotUuid = partnerId === null ? decodeId('depot', depotId) : null;
  if (depotUuid === null) return refuse(userError.notFound(['input', 'depotId'], 'depot'));
  const days = await depotDays(tx, { organizationId, depotId: depotUuid, dates: [date] });
  if (days.length === 0) refuse(userError.notFound(['input', 'depotId'], 'depot'));
  const plan = await ensurePlan(tx, { organizationId, depotId: depotUuid, date });
  await refuseTooMany(tx, { organizationId, planId: plan.id });
  if (!runQueue.hasRoom()) refuse(userError.quotaExceeded(['input'], MAX_SECONDS));
  const id = newId();
  await insertRun(tx, {
    id,
    organizationId,
    planId: plan.id,
    planVersion: plan.version,
    algorithm: DEFAULT_ALGORITHM,
    seed,
    timeLimitSeconds,
    requestedBy: identity.subject,
  });
  return id;
}

/** At most one live run per plan, and two per organization. */
async function refuseTooMany(
  tx: EntityManager,
  { organizationId, planId }: { organizationId: string; planId: string },
): Promise<void> {
  const live = await lockLiveRuns(tx, organizationId);
  const ofPlan = live.filter((run) => run.planId === planId);
  const inTheWay = ofPlan.length > 0 ? ofPlan : live.length >= MAX_LIVE_RUNS ? live : [];
  if (inTheWay.length === 0) return;
  const seconds = Math.min(...inTheWay.map(({ remainingSeconds }) => remainingSeconds));
  refuse(userError.quotaExceeded(['input'], seconds));
}
