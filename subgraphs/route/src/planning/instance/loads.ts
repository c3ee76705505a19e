import type { OrderLoad, PlanningProblem, VehicleCapacity } from '../problem.ts';

/** Grams, cubic centimetres, pallets, parcels: whole numbers, so that sums are exact. */
export type LoadVector = readonly [
  grams: number,
  cubicCentimetres: number,
  pallets: number,
  parcels: number,
];

export const LOAD_DIMENSIONS = 4;

/** The exact units in which loads are added up and compared. */
export function loadVector({ weightKg, volumeM3, pallets, parcels }: OrderLoad): LoadVector {
  return [Math.round(weightKg * 1e3), Math.round(volumeM3 * 1e6), pallets, parcels];
}

/** Infinity where there is no limit. */
export function capacityVector({
  weightKg,
  volumeM3,
  pallets,
  parcels,
}: VehicleCapacity): LoadVector {
  return loadVector({
    weightKg,
    volumeM3,
    pallets: pallets ?? Infinity,
    parcels: parcels ?? Infinity,
  });
}

export type CompiledLoads = {
  readonly dimensions: number;
  /** At `order * dimensions + dimension`. */
  readonly load: Float64Array;
  /** By vehicle, then by dimension. */
  readonly capacities: readonly Float64Array[];
};

/** Without the dimensions in which even all orders together fit into every vehicle; one is always kept. */
export function compileLoads({ orders, vehicles }: PlanningProblem): CompiledLoads {
  const loads = orders.map(({ load }) => loadVector(load));
  const capacities = vehicles.map(({ capacity }) => capacityVector(capacity));
  const used = bindingDimensions(loads, capacities);
  const pick = (vector: LoadVector) => used.map((dimension) => vector[dimension]!);
  return {
    dimensions: used.length,
    load: Float64Array.from(loads.flatMap(pick)),
    capacities: capacities.map((capacity) => Float64Array.from(pick(capacity))),
  };
}

function bindingDimensions(
  loads: readonly LoadVector[],
  capacities: readonly LoadVector[],
): number[] {
  const binding = Array.from({ length: LOAD_DIMENSIONS }, (_, dimension) => dimension).filter(
    (dimension) => {
      const total = loads.reduce((sum, load) => sum + load[dimension]!, 0);
      return capacities.some((capacity) => capacity[dimension]! < total);
    },
  );
  return binding.length > 0 ? binding : [0];
}
