import { countText, distanceText, durationText, listText, rounded } from './figure-text.ts';
import type { Instance } from '../instance/instance.ts';
import { loadVector, type LoadVector } from '../instance/loads.ts';
import type { PlanningOrder } from '../problem.ts';
import type { VehicleBlock, VehicleBlockCode } from './vehicle-block.ts';

type Explained = {
  readonly instance: Instance;
  readonly order: PlanningOrder;
  /** All of one code, at least one. */
  readonly blocks: readonly VehicleBlock[];
};

/** What was needed and what there is, in a sentence or two. */
export function explainBlocks(explained: Explained): string {
  const { code } = explained.blocks[0]!;
  const alone = explained.blocks.filter(({ isAlone }) => isAlone);
  const beside = explained.blocks.filter(({ isAlone }) => !isAlone);
  return [
    alone.length > 0 ? ALONE[code]({ ...explained, blocks: alone }) : null,
    beside.length > 0 ? BESIDE[code]({ ...explained, blocks: beside }) : null,
  ]
    .filter((sentence) => sentence !== null)
    .join(' ');
}

/** Of a vehicle that had nothing else to do. */
const ALONE: Readonly<Record<VehicleBlockCode, (explained: Explained) => string>> = {
  CAPABILITY: capabilityText,
  CAPACITY: ({ order, blocks }) =>
    `Too small for ${loadText(order)}: ${vehiclesText(blocks)}; the largest of them takes ${roomText(order, blocks)}.`,
  TIME_WINDOW: windowText,
  SHIFT_DURATION: shiftText,
  MAX_DISTANCE: ({ blocks }) =>
    `There and back is at least ${distanceText(least(blocks))} further than ${vehiclesText(blocks)} may drive.`,
  MAX_DURATION: ({ blocks }) =>
    `There and back takes at least ${durationText(least(blocks))} longer than ${vehiclesText(blocks)} may be on the road.`,
  MAX_VISITS: ({ blocks }) => `It needs more visits than ${vehiclesText(blocks)} may make.`,
  LOCKED: ({ blocks }) => `Locked for new orders, or kept for others: ${vehiclesText(blocks)}.`,
};

/** Of a vehicle that could serve it, if it were not for its other orders. */
const BESIDE: Readonly<Record<VehicleBlockCode, (explained: Explained) => string>> = {
  ...ALONE,
  CAPACITY: ({ order, blocks }) =>
    `Full: ${suitableText(blocks)}; it needs ${loadText(order)}, the most room left is ${roomText(order, blocks)}.`,
  TIME_WINDOW: ({ order, blocks }) =>
    `Busy with other orders ${hasWindows(order) ? `in its ${windowWord(order)}` : 'all day'}: ${suitableText(blocks)}.`,
  SHIFT_DURATION: ({ blocks }) =>
    `No time left in the shift of ${suitableText(blocks)}; the nearest would be back ${durationText(least(blocks))} late.`,
  MAX_DISTANCE: ({ blocks }) =>
    `No distance left for ${suitableText(blocks)}; the nearest would drive ${distanceText(least(blocks))} more than it may.`,
  MAX_DURATION: ({ blocks }) =>
    `No time on the road left for ${suitableText(blocks)}; the nearest would be out ${durationText(least(blocks))} longer than it may.`,
  MAX_VISITS: ({ blocks }) =>
    `As many visits as they may make: ${suitableText(blocks)}, ${visitLimit(blocks)} at most.`,
};

function capabilityText({ instance: { problem }, order, blocks }: Explained): string {
  const { requirements } = order;
  const total = problem.vehicles.length;
  const missing = requirements.filter((need) =>
    problem.vehicles.every(({ capabilities }) => !capabilities.includes(need)),
  );
  const needs = `It needs ${listText(requirements)}`;
  if (missing.length > 0) return `${needs}; nobody on shift has ${listText(missing)}.`;
  return `${needs}; ${total - blocks.length} of ${countText(total, 'vehicle')} on shift ${requirements.length > 1 ? 'have all of it' : 'have it'}.`;
}

function windowText({ order, blocks }: Explained): string {
  const tooLate = blocks.map(({ short }) => short).filter((seconds) => seconds > 0);
  if (tooLate.length < blocks.length) {
    return `No window lies inside the shift of ${vehiclesText(blocks)}.`;
  }
  const windows = windowWord(order) === 'window' ? 'Its window' : 'Its last window';
  return `${windows} closes ${durationText(Math.min(...tooLate))} before the first of ${vehiclesText(blocks)} can be there.`;
}

function shiftText({ order, blocks }: Explained): string {
  const nearest = blocks.reduce((a, b) => (b.short < a.short ? b : a));
  if (nearest.short <= 0) return `The breaks leave no time for it: ${vehiclesText(blocks)}.`;
  const { shiftStartSeconds, shiftEndSeconds } = nearest.vehicle;
  const shift = shiftEndSeconds - shiftStartSeconds;
  const service = (order.pickup?.serviceSeconds ?? 0) + (order.delivery?.serviceSeconds ?? 0);
  const included = service > 0 ? `, service of ${durationText(service)} included` : '';
  return `It takes ${durationText(shift + nearest.short)} from the depot and back${included}; the shift has ${durationText(shift)} (${vehiclesText(blocks)}).`;
}

function least(blocks: readonly VehicleBlock[]): number {
  return Math.min(...blocks.map(({ short }) => short));
}

function visitLimit(blocks: readonly VehicleBlock[]): number {
  return Math.max(...blocks.map(({ vehicle }) => vehicle.maxVisits));
}

function hasWindows({ pickup, delivery }: PlanningOrder): boolean {
  return [pickup, delivery].some((visit) => visit !== null && visit.windows.length > 0);
}

function windowWord({ pickup, delivery }: PlanningOrder): 'window' | 'windows' {
  const count = (pickup?.windows.length ?? 0) + (delivery?.windows.length ?? 0);
  return count > 1 ? 'windows' : 'window';
}

/** Only the dimensions in which it does not fit, of the vehicle that comes closest. */
function roomText(order: PlanningOrder, blocks: readonly VehicleBlock[]): string {
  const load = loadVector(order.load);
  const lack = ({ room }: VehicleBlock) =>
    Math.max(...load.map((amount, at) => (amount - room[at]!) / Math.max(1, amount)));
  const { room } = blocks.reduce((a, b) => (lack(b) < lack(a) ? b : a));
  const texts = amountTexts(room).filter((_, at) => load[at]! > room[at]!);
  return texts.length > 0 ? listText(texts) : 'too little';
}

function loadText({ load }: PlanningOrder): string {
  const vector = loadVector(load);
  return listText(amountTexts(vector).filter((_, at) => at !== PALLETS || vector[at] !== 0));
}

const PALLETS = 2;

function amountTexts([grams, cubicCentimetres, pallets, parcels]: LoadVector): string[] {
  return [
    `${rounded(grams / 1e3, 2)} kg`,
    `${rounded(cubicCentimetres / 1e6, 2)} m³`,
    countText(pallets, 'pallet'),
    countText(parcels, 'parcel'),
  ];
}

function vehiclesText(blocks: readonly VehicleBlock[]): string {
  return countText(blocks.length, 'vehicle');
}

function suitableText(blocks: readonly VehicleBlock[]): string {
  return countText(blocks.length, 'suitable vehicle');
}
