import { userError } from '@quantumroute/ops/user-errors';
import { decodeId } from '@quantumroute/schema/ids';

import type { RouteContext } from '../context.ts';
import { refusedStep } from '../lifecycles/lifecycle.ts';
import { RUN_TRANSITIONS } from '../lifecycles/run-lifecycle.ts';
import { cancelRun as writeCancellation, requestFinish } from '../storage/stores/run-writes.ts';
import type { RunStep } from '../storage/stores/run-writes.ts';
import { outcomeOf, refuse } from './outcome.ts';
import type { Outcome } from './outcome.ts';

/** Cancels a run that has not ended, whichever process computes it, and gives its id. */
export async function cancelRun(
  context: RouteContext,
  { id }: { id: string },
): Promise<Outcome<string>> {
  return outcomeOf(async () => {
    const { runId, status } = await step(context, id, writeCancellation);
    const refused = refusedStep(RUN_TRANSITIONS, { from: status, to: 'CANCELED', path: ['id'] });
    if (refused !== null) refuse(refused);
    context.runs.queue.abort(runId);
    return runId;
  });
}

/** Lets a run end with the best plan so far, whichever process computes it, and gives its id. */
export async function finishRun(
  context: RouteContext,
  { id }: { id: string },
): Promise<Outcome<string>> {
  return outcomeOf(async () => {
    const { runId, status } = await step(context, id, requestFinish);
    if (status === 'SUCCEEDED') return runId;
    const refused = refusedStep(RUN_TRANSITIONS, { from: status, to: 'SUCCEEDED', path: ['id'] });
    if (refused !== null) refuse(refused);
    context.runs.queue.finish(runId);
    return runId;
  });
}

async function step(
  { em, scope, runs }: RouteContext,
  id: string,
  write: typeof writeCancellation,
): Promise<RunStep & { runId: string }> {
  const { organizationId, partnerId } = scope();
  const runId = partnerId === null ? decodeId('run', id) : null;
  const made = runId === null ? null : await write(em, { id: runId, organizationId });
  if (runId === null || made === null) return refuse(userError.notFound(['id'], 'run'));
  if (made.event !== null) await runs.publish(made.event);
  return { ...made, runId };
}
