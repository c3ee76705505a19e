import { badInput } from '@quantumroute/ops/failures';
import { decodeId, newId } from '@quantumroute/schema/ids';

import { nearestDepot } from '../actions/nearest-depot.ts';
import { checkPossibleDelivery } from '../actions/order-input.ts';
import type { PossibleDeliveryInput } from '../actions/order-input.ts';
import type { RouteContext } from '../context.ts';
import { standingDays } from '../present/standing-days.ts';
import { takeTurn } from '../present/take-turn.ts';
import { depotDays } from '../storage/stores/depot-days.ts';
import type { DepotDayBounds } from '../storage/stores/depot-days.ts';
import { loadOf } from './load-of.ts';
import { addressHash, type SlotOffer } from './offer-token.ts';
import { possibleOffers, type PossibleOffer } from './possible-offers.ts';

const MAX_DAYS = 7;
const MAX_OFFERS = 50;
const OFFER_LIFE_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
const TOO_MUCH = 'Ask for fewer days, and for one delivery at a time';

/** An offer as it is shown. */
export type ShownOffer = PossibleOffer & { offerToken: string; expiresAt: Date };

/** What can be promised now, cheapest first. Reads only: an offer reserves nothing. */
export async function findOffers(context: RouteContext, input: unknown): Promise<ShownOffer[]> {
  const delivery = checkedDelivery(input);
  const dates = datesOf(delivery.dates);
  const days = await daysOfDepot(context, delivery, dates);
  const { organizationId } = context.scope();
  const [first] = days;
  if (first === undefined) return [];
  const standing = await standingDays(context.em, {
    organizationId,
    depotId: first.depotId,
    dates,
  });
  const offers: PossibleOffer[] = [];
  for (const day of standing) {
    const bounds = days.find(({ date }) => date === day.day.serviceDate);
    if (bounds === undefined) continue;
    await takeTurn(context, TOO_MUCH);
    offers.push(...possibleOffers(day, { bounds, delivery, nowMs: context.nowMs }));
  }
  return offers
    .toSorted((a, b) => a.marginalCost - b.marginalCost || a.windowStartMs - b.windowStartMs)
    .slice(0, MAX_OFFERS)
    .map((offer) => shown(context, delivery, { ...offer, depotId: first.depotId }));
}

function checkedDelivery(input: unknown): PossibleDeliveryInput {
  const checked = checkPossibleDelivery(input, ['input']);
  if (checked.kind === 'valid') return checked.value;
  const [error] = checked.userErrors;
  throw badInput(error?.path ?? ['input'], error?.message ?? 'input is unusable');
}

function datesOf({ from, to }: { from: string; to: string }): string[] {
  const count = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (!(count >= 1 && count <= MAX_DAYS)) {
    throw badInput(['input', 'dates'], `dates needs 1 to ${MAX_DAYS} days, from before to`);
  }
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.parse(from) + index * DAY_MS).toISOString().slice(0, 10),
  );
}

/** None when the caller's organization has no such depot. */
async function daysOfDepot(
  { em, scope }: RouteContext,
  { depotId, place }: PossibleDeliveryInput,
  dates: readonly string[],
): Promise<DepotDayBounds[]> {
  const wanted = depotId == null ? null : decodeId('depot', depotId);
  if (depotId != null && wanted === null) return [];
  const { organizationId } = scope();
  const days = await depotDays(em, { organizationId, dates, depotId: wanted });
  const depot = nearestDepot(place.point, days);
  return days.filter((day) => day.depotId === depot?.depotId);
}

function shown(
  { offerTokens, nowMs, scope }: RouteContext,
  { place, parcels, requirements, serviceSeconds }: PossibleDeliveryInput,
  offer: PossibleOffer & { depotId: string },
): ShownOffer {
  const { organizationId, partnerId } = scope();
  const expiresAtMs = nowMs + OFFER_LIFE_MS;
  const sealed: SlotOffer = {
    id: newId(),
    organizationId,
    partnerId,
    depotId: offer.depotId,
    serviceDate: offer.serviceDate,
    windowStartMs: offer.windowStartMs,
    windowEndMs: offer.windowEndMs,
    address: addressHash(place),
    load: loadOf(parcels),
    serviceSeconds,
    requirements,
    expiresAtMs,
  };
  return { ...offer, offerToken: offerTokens.seal(sealed), expiresAt: new Date(expiresAtMs) };
}
