import { userError } from '@quantumroute/ops/user-errors';
import { decodeId } from '@quantumroute/schema/ids';

import type { RouteContext } from '../context.ts';
import { refusedStep } from '../lifecycles/lifecycle.ts';
import { RUN_TRANSITIONS } from '../lifecycles/run-lifecycle.ts';
import { cancelRun as writeCancellation } from '../storage/stores/run-writes.ts';
import { outcomeOf, refuse } from './outcome.ts';
import type { Outcome } from './outcome.ts';

/** Cancels a run that has not ended, whichever process computes it, and gives its id. */
export async function cancelRun(
  { em, scope, runQueue }: RouteContext,
  { id }: { id: string },
): Promise<Outcome<string>> {
  return outcomeOf(async () => {
    const { organizationId, partnerId } = scope();
    const runId = partnerId === null ? decodeId('run', id) : null;
    if (runId === null) return refuse(userError.notFound(['id'], 'run'));
    const status = await writeCancellation(em, { id: runId, organizationId });
    if (status === null) return refuse(userError.notFound(['id'], 'run'));
    const refused = refusedStep(RUN_TRANSITIONS, { from: status, to: 'CANCELED', path: ['id'] });
    if (refused !== null) refuse(refused);
    runQueue.abort(runId);
    return runId;
  });
}
