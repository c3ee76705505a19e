import { WINDOW_STRIDE, type Instance, type NodeMatrix } from '../instance/instance.ts';

export type LocalOrder = {
  readonly instance: Instance;
  /** By new number of a node: its old one. */
  readonly originals: Int32Array;
};

/**
 * The same instance with its visits numbered along a chain of nearest neighbours, so that the legs
 * between visits that lie together lie together in memory. A search that jumps about in matrices
 * larger than the processor's cache is half as fast again with that.
 */
export function inLocalOrder(instance: Instance): LocalOrder {
  const { nodeCount, visitCount } = instance;
  const originals = Int32Array.from({ length: nodeCount }, (_, node) => node);
  originals.set(nearestChain(instance));
  const numbers = new Int32Array(nodeCount);
  originals.forEach((original, number) => {
    numbers[original] = number;
  });
  const byNode = <Values extends Int32Array | Uint8Array>(values: Values): Values =>
    values.map((_, index) => values[originals[index]!]!) as Values;
  const byWindow = (values: Int32Array) =>
    values.map(
      (_, index) =>
        values[
          originals[Math.floor(index / WINDOW_STRIDE)]! * WINDOW_STRIDE + (index % WINDOW_STRIDE)
        ]!,
    );
  const renumbered = (nodes: Int32Array) => nodes.map((node) => (node < 0 ? node : numbers[node]!));
  const matrices = new Map<NodeMatrix, NodeMatrix>();
  for (const { matrix } of instance.vehicles) {
    if (!matrices.has(matrix)) matrices.set(matrix, turnedAbout(matrix, originals));
  }
  return {
    originals,
    instance: {
      ...instance,
      place: byNode(instance.place),
      serviceSeconds: byNode(instance.serviceSeconds),
      setupSeconds: byNode(instance.setupSeconds),
      windowCount: byNode(instance.windowCount),
      windowFirst: byWindow(instance.windowFirst),
      windowLast: byWindow(instance.windowLast),
      orderOf: byNode(instance.orderOf.subarray(0, visitCount)),
      isPickup: byNode(instance.isPickup.subarray(0, visitCount)),
      pickupOf: renumbered(instance.pickupOf),
      deliveryOf: renumbered(instance.deliveryOf),
      vehicles: instance.vehicles.map((vehicle) => ({
        ...vehicle,
        matrix: matrices.get(vehicle.matrix)!,
        presentVisits: vehicle.presentVisits.map((node) => numbers[node]!),
      })),
    },
  };
}

/** From one visit to the nearest that is not in the chain yet, by the first vehicle's metres. */
function nearestChain({ visitCount, nodeCount, vehicles }: Instance): Int32Array {
  const chain = Int32Array.from({ length: visitCount }, (_, visit) => visit);
  const meters = vehicles[0]?.matrix.meters;
  if (meters === undefined) return chain;
  for (let index = 1; index < visitCount; index++) {
    const row = chain[index - 1]! * nodeCount;
    let nearest = index;
    for (let other = index + 1; other < visitCount; other++) {
      if (meters[row + chain[other]!]! < meters[row + chain[nearest]!]!) nearest = other;
    }
    const visit = chain[nearest]!;
    chain[nearest] = chain[index]!;
    chain[index] = visit;
  }
  return chain;
}

function turnedAbout({ meters, seconds }: NodeMatrix, originals: Int32Array): NodeMatrix {
  const size = originals.length;
  const turned = { meters: new Int32Array(size * size), seconds: new Int32Array(size * size) };
  for (let from = 0; from < size; from++) {
    const row = originals[from]! * size;
    for (let to = 0; to < size; to++) {
      turned.meters[from * size + to] = meters[row + originals[to]!]!;
      turned.seconds[from * size + to] = seconds[row + originals[to]!]!;
    }
  }
  return turned;
}
