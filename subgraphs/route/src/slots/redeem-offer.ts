import { userError } from '@quantumroute/ops/user-errors';
import type { UserError } from '@quantumroute/ops/user-errors';
import { decodeId } from '@quantumroute/schema/ids';

import type { NewOrderInput } from '../actions/order-input.ts';
import { loadVector } from '../planning/instance/loads.ts';
import type { TenantScope } from '../storage/tenant-scope.ts';
import { loadOf } from './load-of.ts';
import { addressHash } from './offer-token.ts';
import type { OfferTokens, SlotOffer } from './offer-token.ts';

type Redemption =
  | { kind: 'valid'; offer: SlotOffer | null }
  | { kind: 'invalid'; userErrors: UserError[] };

/**
 * The offer that the order takes, null when it takes none. An order may ask for less than was
 * offered (a smaller load, a shorter visit), and for nothing more or else.
 */
export function redeemOffer(
  input: NewOrderInput,
  by: { tokens: OfferTokens; scope: TenantScope; nowMs: number; path: readonly string[] },
): Redemption {
  if (input.slotOfferToken == null) return { kind: 'valid', offer: null };
  const path = [...by.path, 'slotOfferToken'];
  const offer = by.tokens.open(input.slotOfferToken);
  // What was offered to somebody else is told from a forgery by nobody.
  if (offer === null || !isFor(by.scope, offer)) {
    return invalid(userError.invalid(path, 'slotOfferToken is no offer of ours to you'));
  }
  if (offer.expiresAtMs <= by.nowMs) {
    return invalid(userError.invalid(path, 'slotOfferToken has expired; ask for new offers'));
  }
  const differences = differencesOf(input, offer, by.path);
  return differences.length > 0 ? invalid(...differences) : { kind: 'valid', offer };
}

function isFor({ organizationId, partnerId }: TenantScope, offer: SlotOffer): boolean {
  return offer.organizationId === organizationId && offer.partnerId === partnerId;
}

function invalid(...userErrors: UserError[]): Redemption {
  return { kind: 'invalid', userErrors };
}

function differencesOf(
  input: NewOrderInput,
  offer: SlotOffer,
  path: readonly string[],
): UserError[] {
  return CHECKS.filter(({ isKept }) => !isKept(input, offer)).map(({ field, message }) =>
    userError.invalid([...path, field], `${field} ${message}`),
  );
}

/** Sums of the same parcels in another order differ in the last digit, and in no whole gram. */
function exactLoad(load: SlotOffer['load']) {
  return loadVector({ ...load, pallets: 0 });
}

type Check = {
  readonly field: keyof NewOrderInput;
  readonly isKept: (input: NewOrderInput, offer: SlotOffer) => boolean;
  readonly message: string;
};

const CHECKS: readonly Check[] = [
  {
    field: 'kind',
    isKept: ({ kind }) => kind === 'DELIVERY',
    message: 'needs to be DELIVERY: slot offers are for deliveries',
  },
  {
    field: 'place',
    isKept: ({ place }, { address }) => addressHash(place) === address,
    message: 'is another address than the slot was offered for',
  },
  {
    field: 'serviceDate',
    isKept: (input, { serviceDate }) => input.serviceDate === serviceDate,
    message: 'is another day than the slot was offered for',
  },
  {
    field: 'depotId',
    isKept: (input, { depotId }) =>
      input.depotId == null || decodeId('depot', input.depotId) === depotId,
    message: 'is another depot than the slot was offered from',
  },
  {
    field: 'windows',
    isKept: ({ windows }) => windows.length === 0,
    message: 'need to be left out: the slot is the window',
  },
  {
    field: 'parcels',
    isKept: ({ parcels }, { load }) => {
      const offered = exactLoad(load);
      return exactLoad(loadOf(parcels)).every((amount, dimension) => amount <= offered[dimension]!);
    },
    message: 'are more than the slot was offered for',
  },
  {
    field: 'serviceSeconds',
    isKept: (input, { serviceSeconds }) => input.serviceSeconds <= serviceSeconds,
    message: 'is longer than the slot was offered for',
  },
  {
    field: 'requirements',
    isKept: (input, { requirements }) =>
      input.requirements.every((requirement) => requirements.includes(requirement)),
    message: 'have something that the slot was not offered for',
  },
];
