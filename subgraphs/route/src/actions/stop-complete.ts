import { userError } from '@quantumroute/ops/user-errors';
import type { UserError } from '@quantumroute/ops/user-errors';
import { isStorableText } from '@quantumroute/schema/text';

import type { RouteContext } from '../context.ts';
import { straightLineMeters } from '../timing/straight-line.ts';
import type { StopCompleteInput } from '../resolvers/schema-types.ts';
import type { Stop } from '../storage/entities/stop.ts';
import { writeCompletion } from '../storage/stores/visit-writes.ts';
import type { Proof } from '../storage/stores/visit-writes.ts';
import { deliveryOf } from './delivery.ts';
import { finishVisit } from './finish-visit.ts';
import { refuse } from './outcome.ts';
import { visit } from './visit.ts';

const MAX_NAME_LENGTH = 200;

/** The goods have changed hands, all of them or some. */
export async function completeStop(
  context: RouteContext,
  { id, input }: { id: string; input: StopCompleteInput },
) {
  const { occurredAt } = input;
  const step = { operation: 'stopComplete', to: 'COMPLETED', stopId: id, input } as const;
  return visit(context, step, async (tx, locked) => {
    const delivery = deliveryOf(locked.orders, input.deliveredParcels ?? null);
    const userErrors = [...proofFlaws(input), ...delivery.userErrors];
    if (userErrors.length > 0) refuse(...userErrors);
    const proof = proofOf(input, locked.stop);
    await writeCompletion(tx, { stop: locked.stop, occurredAt, proof });
    await finishVisit(tx, { visit: locked, occurredAt, outcomes: delivery.outcomes });
  });
}

function proofFlaws({ proof }: StopCompleteInput): UserError[] {
  if (!proof) return [];
  const flaws: UserError[] = [];
  const name = proof.recipientName ?? '';
  if (name.length > MAX_NAME_LENGTH || !isStorableText(name)) {
    const message = `recipientName needs at most ${MAX_NAME_LENGTH} characters that can be stored`;
    flaws.push(userError.invalid(['input', 'proof', 'recipientName'], message));
  }
  if (!/^[0-9a-f]{64}$/i.test(proof.sha256)) {
    const message = 'sha256 needs 64 hexadecimal digits';
    flaws.push(userError.invalid(['input', 'proof', 'sha256'], message));
  }
  return flaws;
}

function proofOf({ proof, point }: StopCompleteInput, stop: Stop): Proof | null {
  if (!proof) return null;
  return {
    recipientName: proof.recipientName ?? null,
    sha256: proof.sha256.toLowerCase(),
    latitude: point?.latitude ?? null,
    longitude: point?.longitude ?? null,
    distanceMeters: point ? Math.round(straightLineMeters(point, stop)) : null,
  };
}
