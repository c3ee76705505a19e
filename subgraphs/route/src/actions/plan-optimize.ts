import { userError } from '@quantumroute/ops/user-errors';
import { newId } from '@quantumroute/schema/ids';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { RouteContext } from '../context.ts';
import { takePart } from '../experiments/take-part.ts';
import { DEFAULT_ALGORITHM } from '../planning/algorithms.ts';
import type { OptimizationScope } from '../resolvers/schema-types.ts';
import { ensurePlan } from '../storage/stores/plan-writes.ts';
import { countWaitingRuns } from '../storage/stores/run-queries.ts';
import { insertRun, lockLiveRuns } from '../storage/stores/run-writes.ts';
import { once } from './once.ts';
import { outcomeOf, refuse } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { runDayOf } from './run-day.ts';
import type { RunDay } from './run-day.ts';
import { flawsOfRunInput } from './run-input.ts';
import type { RunInput } from './run-input.ts';

const MAX_LIVE_RUNS = 2;

/** What is planned, and the run that does it; null when it was only to be checked. */
export type RequestedRun = { runId: string | null; scope: OptimizationScope };

/** Writes a run down and wakes the queue; it is computed after the answer. */
export async function optimizePlan(
  context: RouteContext,
  input: RunInput,
): Promise<Outcome<RequestedRun>> {
  if (input.validateOnly) return checkOnly(context, input);
  const { idempotencyKey, validateOnly: _, ...body } = input;
  const call = {
    operation: 'planOptimize',
    key: idempotencyKey,
    keyPath: ['input', 'idempotencyKey'],
    // What is left out and null ask for the same.
    body: { ...body, iterationLimit: body.iterationLimit ?? null },
  };
  let isNew = false;
  const outcome = await once(context, call, async (tx) => {
    isNew = true;
    return createRun(tx, context, input);
  });
  context.forgetLoaded();
  if (outcome.kind === 'done' && isNew) {
    try {
      // Loaded before anybody takes it, so that the answer shows it as it was asked for.
      await context.loaders.runs.load(outcome.value.runId);
    } finally {
      // Also for a client that has left: it will ask again with the same key.
      context.runs.queue.wake();
    }
  }
  return outcome;
}

function checkOnly(context: RouteContext, input: RunInput): Promise<Outcome<RequestedRun>> {
  return outcomeOf(async () => {
    const { scope } = await checked(context.em, context, input);
    return { runId: null, scope };
  });
}

async function checked(
  em: EntityManager,
  { scope }: RouteContext,
  input: RunInput,
): Promise<RunDay> {
  const flaws = flawsOfRunInput(input);
  if (flaws.length > 0) refuse(...flaws);
  return runDayOf(em, scope(), input);
}

async function createRun(
  tx: EntityManager,
  context: RouteContext,
  input: RunInput,
): Promise<{ runId: string; scope: OptimizationScope }> {
  const { organizationId, depotId, lockedRouteIds, scope } = await checked(tx, context, input);
  const plan = await ensurePlan(tx, { organizationId, depotId, date: input.date });
  await refuseTooMany(tx, context, { organizationId, planId: plan.id });
  const runId = newId();
  await insertRun(tx, {
    id: runId,
    organizationId,
    planId: plan.id,
    planVersion: plan.version,
    mode: input.mode,
    stability: input.stability,
    objectives: input.objectives.map(({ kind, weight = 1 }) => ({ kind, weight })),
    lockedRouteIds,
    algorithm: DEFAULT_ALGORITHM,
    seed: input.seed,
    timeLimitSeconds: input.timeLimitSeconds,
    iterationLimit: input.iterationLimit ?? null,
    requestedBy: context.identity.subject,
  });
  await takePart(tx, { id: runId, organizationId, depotId, date: input.date });
  return { runId, scope };
}

/** At most one live run per plan, two per organization, and so many that wait for a thread. */
async function refuseTooMany(
  tx: EntityManager,
  { runs }: RouteContext,
  { organizationId, planId }: { organizationId: string; planId: string },
): Promise<void> {
  const live = await lockLiveRuns(tx, organizationId);
  const ofPlan = live.filter((run) => run.planId === planId);
  const inTheWay = ofPlan.length > 0 ? ofPlan : live.length >= MAX_LIVE_RUNS ? live : [];
  if (inTheWay.length > 0) {
    const seconds = Math.min(...inTheWay.map(({ remainingSeconds }) => remainingSeconds));
    refuse(userError.quotaExceeded(['input'], seconds));
  }
  const waiting = await countWaitingRuns(tx, runs.maxWaiting);
  if (waiting >= runs.maxWaiting) refuse(userError.quotaExceeded(['input'], BUSY_SECONDS));
}

/** When everybody waits, there is room again after the longest run at the latest. */
const BUSY_SECONDS = 120;
