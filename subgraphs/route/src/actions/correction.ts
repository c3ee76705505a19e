import { userError } from '@quantumroute/ops/user-errors';
import type { UserError } from '@quantumroute/ops/user-errors';
import { isStorableText } from '@quantumroute/schema/text';

import type { StopCorrectInput } from '../resolvers/schema-types.ts';
import type { FailureReason } from '../storage/entities/stop.ts';
import type { FinishedOrder, Visit } from '../storage/stores/visit-writes.ts';
import { deliveryOf } from './delivery.ts';
import { timeFlaw } from './visit.ts';

const MAX_NOTE_LENGTH = 1_000;

/** A finished stop as it is to stand, with its orders. */
export type Correction = {
  outcome: 'COMPLETED' | 'FAILED';
  arrivedAt: Date | null;
  departedAt: Date;
  /** Of a failed stop only. */
  failureReason: FailureReason | null;
  note: string | null;
  outcomes: FinishedOrder[];
};

/** What an input makes of a stop, and what is wrong with it. What is left out stays as it is. */
export function correctionOf(
  visit: Visit,
  input: StopCorrectInput,
  nowMs: number,
): { correction: Correction; userErrors: UserError[] } {
  const { stop } = visit;
  const outcome = input.outcome ?? (stop.status === 'FAILED' ? 'FAILED' : 'COMPLETED');
  const { outcomes, userErrors } = outcomesOf(visit, input, outcome);
  const correction = {
    outcome,
    arrivedAt: input.arrivedAt ?? stop.arrivedAt ?? null,
    departedAt: input.departedAt ?? stop.departedAt ?? new Date(nowMs),
    failureReason:
      outcome === 'FAILED' ? (input.failureReason ?? stop.failureReason ?? null) : null,
    note: input.note ?? (outcome === 'FAILED' ? (stop.failureNote ?? null) : null),
    outcomes,
  };
  const flaws = [
    ...timeFlaws(visit, correction, nowMs),
    ...reasonFlaws(correction, input),
    ...noteFlaws(input),
  ];
  return { correction, userErrors: [...flaws, ...userErrors] };
}

function outcomesOf(
  { stop, orders }: Visit,
  { deliveredParcels }: StopCorrectInput,
  outcome: Correction['outcome'],
): { outcomes: FinishedOrder[]; userErrors: UserError[] } {
  if (outcome === 'FAILED') {
    const needed = 'deliveredParcels need a stop that is COMPLETED';
    const path = ['input', 'deliveredParcels'];
    return {
      outcomes: orders.map(({ id, parcels }) => ({
        id,
        status: 'FAILED' as const,
        parcels: parcels.map((parcel) => ({ ...parcel, deliveredQuantity: 0 })),
      })),
      userErrors: deliveredParcels ? [userError.invalid(path, needed)] : [],
    };
  }
  const staysAsItIs = stop.status === 'COMPLETED' && !deliveredParcels;
  if (!staysAsItIs) return deliveryOf(orders, deliveredParcels ?? null);
  return {
    outcomes: orders.map(({ id, status, parcels }) => ({ id, status, parcels })),
    userErrors: [],
  };
}

function timeFlaws(visit: Visit, corrected: Correction, nowMs: number): UserError[] {
  const { arrivedAt, departedAt, outcome } = corrected;
  const arrival = timeFlaw(visit.route, arrivedAt, nowMs);
  const departure = timeFlaw(visit.route, departedAt, nowMs);
  const flaws: UserError[] = [];
  const invalid = (field: string, what: string) =>
    flaws.push(userError.invalid(['input', field], `${field} ${what}`));
  if (arrival !== null) invalid('arrivedAt', arrival);
  if (departure !== null) invalid('departedAt', departure);
  if (arrivedAt !== null && arrivedAt > departedAt) invalid('departedAt', 'is before the arrival');
  if (arrivedAt === null && outcome === 'COMPLETED') {
    invalid('arrivedAt', 'is needed: nobody can complete a stop without having been there');
  }
  return flaws;
}

function reasonFlaws(corrected: Correction, { failureReason }: StopCorrectInput): UserError[] {
  const path = ['input', 'failureReason'];
  if (corrected.outcome === 'COMPLETED' && failureReason) {
    return [userError.invalid(path, 'failureReason needs a stop that is FAILED')];
  }
  if (corrected.outcome === 'FAILED' && corrected.failureReason === null) {
    return [userError.invalid(path, 'failureReason is needed for a stop that FAILED')];
  }
  return [];
}

function noteFlaws({ note }: StopCorrectInput): UserError[] {
  if (!note || (note.length <= MAX_NOTE_LENGTH && isStorableText(note))) return [];
  const needed = `note needs at most ${MAX_NOTE_LENGTH} characters that can be stored`;
  return [userError.invalid(['input', 'note'], needed)];
}
