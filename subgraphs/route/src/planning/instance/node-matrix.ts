import { OPEN, type CompiledNodes } from './nodes.ts';
import type { PlanningProblem } from '../problem.ts';
import type { TravelMatrix } from '../travel/matrix-provider.ts';
import { providerOf } from '../travel/provider-of.ts';
import type { VehicleProfile } from '../travel/vehicle-profile.ts';

/** The leg from node a to node b is at `a * nodeCount + b`. Legs to a visit include its setup in `seconds`, not in `meters`. */
export type NodeMatrix = {
  readonly meters: Int32Array;
  readonly seconds: Int32Array;
};

type Nodes = Pick<CompiledNodes, 'nodeCount' | 'place' | 'setupSeconds'>;

/** One for each profile in use, made once. */
export function nodeMatrices(
  problem: PlanningProblem,
  nodes: Nodes,
): ReadonlyMap<VehicleProfile, NodeMatrix> {
  const travel = providerOf(problem);
  const matrices = new Map<VehicleProfile, NodeMatrix>();
  // An estimated distance is the same for every profile, and a matrix of thousands is not small.
  let sharedMeters: Int32Array | null = null;
  for (const profile of new Set(problem.vehicles.map((vehicle) => vehicle.profile))) {
    const matrix = travel.matrix(profile);
    const meters: Int32Array = sharedMeters ?? nodeMeters(matrix, nodes);
    if (problem.travel.kind === 'ESTIMATE') sharedMeters = meters;
    matrices.set(profile, { meters, seconds: nodeSeconds(matrix, nodes) });
  }
  return matrices;
}

function nodeMeters({ size, distanceMeters }: TravelMatrix, { nodeCount, place }: Nodes) {
  const meters = new Int32Array(nodeCount * nodeCount);
  for (let from = 0; from < nodeCount; from++) {
    const row = place[from]! * size;
    for (let to = 0; to < nodeCount; to++) {
      meters[from * nodeCount + to] = distanceMeters[row + place[to]!]!;
    }
  }
  return meters;
}

function nodeSeconds({ size, durationSeconds }: TravelMatrix, nodes: Nodes): Int32Array {
  const { nodeCount, place, setupSeconds } = nodes;
  const seconds = new Int32Array(nodeCount * nodeCount);
  for (let from = 0; from < nodeCount; from++) {
    const row = place[from]! * size;
    for (let to = 0; to < nodeCount; to++) {
      const setup = place[from] === place[to] ? 0 : setupSeconds[to]!;
      // What a routing engine cannot reach may be any large number.
      seconds[from * nodeCount + to] = Math.min(OPEN, durationSeconds[row + place[to]!]! + setup);
    }
  }
  return seconds;
}
