import type { Instance, InstanceOrder, InstanceVehicle, LoadVector } from './instance.ts';
import type { UnassignedCode } from './solution.ts';

export type VehicleBlockCode = Exclude<UnassignedCode, 'NO_VEHICLE'>;

/** One vehicle that cannot take an order, and by how much it fails to. */
export type BlockedVehicle = {
  readonly code: VehicleBlockCode;
  readonly vehicle: InstanceVehicle;
  /** It could not even without its other orders. */
  readonly isAlone: boolean;
  /** How much too late, or how much longer than the shift; negative when a window opens too late. */
  readonly shortSeconds: number;
  readonly room: LoadVector;
};

type Block = {
  readonly instance: Instance;
  readonly order: InstanceOrder;
  readonly code: VehicleBlockCode;
  /** At least one. */
  readonly blocks: readonly BlockedVehicle[];
};

/** What was needed and what there is, in a sentence or two. */
export function explainBlock(block: Block): string {
  const alone = block.blocks.filter(({ isAlone }) => isAlone);
  const beside = block.blocks.filter(({ isAlone }) => !isAlone);
  return [
    alone.length > 0 ? EXPLAIN_ALONE[block.code]({ ...block, blocks: alone }) : null,
    beside.length > 0 ? explainBeside({ ...block, blocks: beside }) : null,
  ]
    .filter((sentence) => sentence !== null)
    .join(' ');
}

const EXPLAIN_ALONE: Readonly<Record<VehicleBlockCode, (block: Block) => string>> = {
  CAPABILITY: explainCapability,
  CAPACITY: explainSize,
  TIME_WINDOW: explainWindow,
  SHIFT_DURATION: explainShift,
};

function explainBeside({ order, code, blocks }: Block): string {
  const vehicles = countOf(blocks.length, 'suitable vehicle');
  const nearestMiss = Math.min(...blocks.map(({ shortSeconds }) => shortSeconds));
  if (code === 'CAPACITY') {
    return `Full: ${vehicles}; it needs ${loadText(order.load)}, the most room left is ${roomText(order, blocks)}.`;
  }
  if (code === 'SHIFT_DURATION') {
    return `No time left in the shift of ${vehicles}; the nearest would be back ${durationText(nearestMiss)} late.`;
  }
  return `Busy with other orders in its ${order.windows.length > 1 ? 'windows' : 'window'}: ${vehicles}.`;
}

function explainCapability({ instance, order, blocks }: Block): string {
  const { requirements } = instance.problem.orders[order.index]!;
  const total = instance.vehicles.length;
  const missing = requirements.filter((need) =>
    instance.problem.vehicles.every((vehicle) => !vehicle.capabilities.includes(need)),
  );
  const needs = `It needs ${listText(requirements)}`;
  if (missing.length > 0) return `${needs}; nobody on shift has ${listText(missing)}.`;
  return `${needs}; ${total - blocks.length} of ${countOf(total, 'vehicle')} on shift ${requirements.length > 1 ? 'have all of it' : 'have it'}.`;
}

function explainSize({ order, blocks }: Block): string {
  return `Too small for ${loadText(order.load)}: ${countOf(blocks.length, 'vehicle')}; the largest of them takes ${roomText(order, blocks)}.`;
}

function explainWindow({ order, blocks }: Block): string {
  const windows = order.windows.length > 1 ? 'Its last window' : 'Its window';
  const tooLate = blocks.map(({ shortSeconds }) => shortSeconds).filter((seconds) => seconds > 0);
  const vehicles = countOf(blocks.length, 'vehicle');
  if (tooLate.length < blocks.length) return `No window lies inside the shift of ${vehicles}.`;
  return `${windows} closes ${durationText(Math.min(...tooLate))} before the first of ${vehicles} can be there.`;
}

function explainShift({ order, blocks }: Block): string {
  const nearest = blocks.reduce((a, b) => (b.shortSeconds < a.shortSeconds ? b : a));
  const { limits } = nearest.vehicle;
  const shift = limits.shiftEndSeconds - limits.shiftStartSeconds;
  return `It takes ${durationText(shift + nearest.shortSeconds)} from the depot and back, service of ${durationText(order.serviceSeconds)} included; the shift has ${durationText(shift)} (${countOf(blocks.length, 'vehicle')}).`;
}

/** Only the dimensions in which it does not fit, of the vehicle that comes closest. */
function roomText(order: InstanceOrder, blocks: readonly BlockedVehicle[]): string {
  const lack = ({ room }: BlockedVehicle) =>
    Math.max(...order.load.map((amount, index) => (amount - room[index]!) / Math.max(1, amount)));
  const closest = blocks.reduce((a, b) => (lack(b) < lack(a) ? b : a));
  const texts = amountTexts(closest.room).filter((_, index) => {
    return order.load[index]! > closest.room[index]!;
  });
  return listText(texts);
}

function loadText(load: LoadVector): string {
  return listText(amountTexts(load));
}

function amountTexts([grams, cubicCentimetres, parcels]: LoadVector): string[] {
  return [
    `${rounded(grams / 1e3)} kg`,
    `${rounded(cubicCentimetres / 1e6)} m³`,
    countOf(parcels, 'parcel'),
  ];
}

function rounded(amount: number): number {
  return Number(amount.toFixed(2));
}

function durationText(seconds: number): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function listText(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}
