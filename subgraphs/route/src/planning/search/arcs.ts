import type { InstanceVehicle, NodeMatrix } from '../instance/instance.ts';

/**
 * A vehicle's matrix as the inner loops want it: all legs from a node side by side, and all legs to
 * a node side by side as well, at `node * size + other`. The node after the last one is nowhere: it
 * is the end of routes that end at their last visit, and no leg to it takes anything.
 */
export type Arcs = {
  readonly size: number;
  readonly metersFrom: Int32Array;
  readonly metersTo: Int32Array;
  readonly secondsFrom: Int32Array;
  readonly secondsTo: Int32Array;
};

/** One for each matrix; vehicles share them. */
export function arcsOfVehicles(vehicles: readonly InstanceVehicle[], nodeCount: number): Arcs[] {
  const made = new Map<NodeMatrix, Arcs>();
  return vehicles.map(({ matrix }) => {
    const arcs = made.get(matrix) ?? arcsOf(matrix, nodeCount);
    made.set(matrix, arcs);
    return arcs;
  });
}

function arcsOf({ meters, seconds }: NodeMatrix, nodeCount: number): Arcs {
  const metersFrom = withNowhere(meters, nodeCount);
  const areAlike = meters.every((leg, index) => leg === seconds[index]);
  const secondsFrom = areAlike ? metersFrom : withNowhere(seconds, nodeCount);
  const size = nodeCount + 1;
  const metersTo = turned(metersFrom, size);
  return {
    size,
    metersFrom,
    metersTo,
    secondsFrom,
    secondsTo: areAlike ? metersTo : turned(secondsFrom, size),
  };
}

function withNowhere(matrix: Int32Array, nodeCount: number): Int32Array {
  const size = nodeCount + 1;
  const larger = new Int32Array(size * size);
  for (let from = 0; from < nodeCount; from++) {
    larger.set(matrix.subarray(from * nodeCount, (from + 1) * nodeCount), from * size);
  }
  return larger;
}

/** The same array when there and back are alike. */
function turned(matrix: Int32Array, size: number): Int32Array {
  if (isSymmetric(matrix, size)) return matrix;
  const transposed = new Int32Array(size * size);
  for (let from = 0; from < size; from++) {
    for (let to = 0; to < size; to++) transposed[to * size + from] = matrix[from * size + to]!;
  }
  return transposed;
}

function isSymmetric(matrix: Int32Array, size: number): boolean {
  for (let from = 0; from < size; from++) {
    for (let to = 0; to < from; to++) {
      if (matrix[from * size + to] !== matrix[to * size + from]) return false;
    }
  }
  return true;
}
