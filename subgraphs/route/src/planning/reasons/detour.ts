import type { InstanceVehicle } from '../instance/instance.ts';

/** Metres that a route gets longer by when the visit is put before the node at that index of it. */
export function detourMeters(
  { matrix: { meters }, startNode, endNode }: InstanceVehicle,
  nodes: readonly number[],
  { visit, at, nodeCount }: { visit: number; at: number; nodeCount: number },
): number {
  const previous = at === 0 ? startNode : nodes[at - 1]!;
  const next = at === nodes.length ? endNode : nodes[at]!;
  const there = meters[previous * nodeCount + visit]!;
  if (next < 0) return there;
  return there + meters[visit * nodeCount + next]! - meters[previous * nodeCount + next]!;
}
