import { countText, durationText, listText, rounded } from './figure-text.ts';
import type { PlanningOrder, PlanningVehicle } from '../problem.ts';
import type { FitKind } from './relaxations.ts';

/** One change as a sentence; the caller knows the vehicle's name and what it costs. */
export function fitText(
  kind: FitKind,
  amount: number,
  fit: { order: PlanningOrder; vehicle: PlanningVehicle },
): string {
  return TEXTS[kind](amount, fit);
}

type Fit = { readonly order: PlanningOrder; readonly vehicle: PlanningVehicle };

const TEXTS: Readonly<Record<FitKind, (amount: number, fit: Fit) => string>> = {
  NOTHING: () => 'It fits as things are.',
  LATER_WINDOW: (minutes, { order }) =>
    `It fits when ${windowsText(order)} ${duration(minutes)} later.`,
  EARLIER_WINDOW: (minutes, { order }) =>
    `It fits when ${windowsText(order, 'start')} ${duration(minutes)} earlier.`,
  LONGER_SHIFT: (minutes) => `It fits when the shift ends ${duration(minutes)} later.`,
  EARLIER_SHIFT: (minutes) => `It fits when the shift starts ${duration(minutes)} earlier.`,
  MORE_WEIGHT: (kilograms) => room(`${rounded(kilograms, 1)} kg`),
  MORE_VOLUME: (cubicMetres) => room(`${rounded(cubicMetres, 2)} m³`),
  MORE_PALLETS: (pallets) => room(countText(pallets, 'pallet')),
  MORE_PARCELS: (parcels) => room(countText(parcels, 'parcel')),
  SKILL: (_, { order, vehicle }) =>
    `It fits when the vehicle or its driver has ${lacking({ order, vehicle })}.`,
  MORE_VISITS: (visits) => `It fits when the vehicle may make ${countText(visits, 'visit')} more.`,
  MORE_DISTANCE: (kilometres) =>
    `It fits when the vehicle may drive ${rounded(kilometres, 1)} km more.`,
  LONGER_DURATION: (minutes) =>
    `It fits when the vehicle may be on the road ${duration(minutes)} longer.`,
};

function duration(minutes: number): string {
  return durationText(minutes * 60);
}

function room(amount: string): string {
  return `It fits when the vehicle takes ${amount} more.`;
}

function windowsText({ pickup, delivery }: PlanningOrder, verb: 'end' | 'start' = 'end'): string {
  const count = (pickup?.windows.length ?? 0) + (delivery?.windows.length ?? 0);
  return count > 1 ? `its windows ${verb}` : `its window ${verb}s`;
}

function lacking({ order, vehicle }: Fit): string {
  return listText(order.requirements.filter((need) => !vehicle.capabilities.includes(need)));
}
