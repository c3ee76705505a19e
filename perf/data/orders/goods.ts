import type { DepotPlan, PartnerPlan } from '../fleet/plan.ts';
import type { Random } from '../random.ts';

/** One line of an order, weight and volume of one piece; as the route subgraph stores it. */
export type Parcel = {
  reference: string;
  quantity: number;
  deliveredQuantity: number;
  weightKg: number;
  volumeM3: number;
  barcode: string | null;
};

/** What an order brings, and what it needs. */
export type Goods = {
  partner: PartnerPlan | null;
  parcels: Parcel[];
  weightKg: number;
  volumeM3: number;
  pieces: number;
  requirements: string[];
};

/** Draws whose order it is: a partner by its share, else the organization itself (null). */
export function drawPartner(depot: DepotPlan, random: Random): PartnerPlan | null {
  let drawn = random.next();
  for (const partner of depot.organization.partners) {
    drawn -= partner.share;
    if (drawn < 0) return partner;
  }
  return null;
}

/** Parcels that weigh about `meanWeightKg` together; heavy ones come on pallets, by tail lift. */
export function drawGoods(
  random: Random,
  { partner, meanWeightKg }: { partner: PartnerPlan | null; meanWeightKg: number },
): Goods {
  const isPallet = meanWeightKg > 60;
  const weight = meanWeightKg * random.factor(isPallet ? 0.3 : 0.6);
  const lines = isPallet || random.chance(0.8) ? 1 : 2;
  const parcels = Array.from({ length: lines }, (_, index) =>
    drawParcel(random, { weight: weight / lines, isPallet, number: index + 1 }),
  );
  const cold = partner !== null && random.chance(partner.coldShare);
  return {
    partner,
    parcels,
    weightKg: rounded(total(parcels, 'weightKg'), 3),
    volumeM3: rounded(total(parcels, 'volumeM3'), 6),
    pieces: parcels.reduce((sum, parcel) => sum + parcel.quantity, 0),
    requirements: [...(cold ? ['refrigerated'] : []), ...(isPallet ? ['tail_lift'] : [])],
  };
}

function drawParcel(
  random: Random,
  of: { weight: number; isPallet: boolean; number: number },
): Parcel {
  const quantity = of.isPallet || random.chance(0.78) ? 1 : random.integer(2, 3);
  const weightKg = Math.max(0.1, rounded(of.weight / quantity, 1));
  // Between books (600 kg a cubic metre) and lamp shades (90).
  const density = of.isPallet ? random.between(180, 320) : random.between(90, 280);
  return {
    reference: of.isPallet ? `PAL-${of.number}` : `PKG-${of.number}`,
    quantity,
    deliveredQuantity: 0,
    weightKg,
    volumeM3: Math.max(0.001, rounded(weightKg / density, 4)),
    barcode: random.chance(0.7) ? `00${random.integer(3_400_000_000, 3_499_999_999)}` : null,
  };
}

function total(parcels: readonly Parcel[], key: 'weightKg' | 'volumeM3'): number {
  return parcels.reduce((sum, parcel) => sum + parcel.quantity * parcel[key], 0);
}

function rounded(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
