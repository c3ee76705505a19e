import { userError } from '@quantumroute/ops/user-errors';
import { isStorableText } from '@quantumroute/schema/text';

import type { RouteContext } from '../context.ts';
import type { StopFailInput } from '../resolvers/schema-types.ts';
import { writeFailure } from '../storage/stores/visit-writes.ts';
import { finishVisit } from './finish-visit.ts';
import { refuse } from './outcome.ts';
import { visit } from './visit.ts';

const MAX_NOTE_LENGTH = 1_000;

/** The visit came to nothing, and with it every order of the stop. */
export async function failStop(
  context: RouteContext,
  { id, input }: { id: string; input: StopFailInput },
) {
  const { occurredAt, reason } = input;
  const note = input.note ?? null;
  const step = { operation: 'stopFail', to: 'FAILED', stopId: id, input } as const;
  return visit(context, step, async (tx, locked) => {
    if (note !== null && (note.length > MAX_NOTE_LENGTH || !isStorableText(note))) {
      const message = `note needs at most ${MAX_NOTE_LENGTH} characters that can be stored`;
      refuse(userError.invalid(['input', 'note'], message));
    }
    await writeFailure(tx, { stop: locked.stop, occurredAt, reason, note });
    const outcomes = locked.orders.map((order) => ({
      id: order.id,
      status: 'FAILED' as const,
      parcels: order.parcels,
    }));
    await finishVisit(tx, { visit: locked, occurredAt, outcomes, note: note ?? reason });
  });
}
