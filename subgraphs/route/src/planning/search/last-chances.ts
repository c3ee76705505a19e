import type { Plan } from './plan.ts';
import type { Recreate } from './recreate.ts';

/**
 * What a plan owes to those it leaves out: in the end no absent order still fits anywhere, and none
 * fits in the place of a single less important one.
 */
export function giveLastChances(plan: Plan, recreate: Recreate): void {
  recreate.insertAll();
  plan.commit();
  while (plan.absentCount > 0 && replaceLessImportant(plan, recreate)) {
    recreate.insertAll();
    plan.commit();
  }
}

/** True when an order took the place of another. */
function replaceLessImportant(plan: Plan, recreate: Recreate): boolean {
  const { penalty, orderCount } = plan.space.instance;
  const absent = Array.from(plan.absent.subarray(0, plan.absentCount)).toSorted(
    (a, b) => penalty[b]! - penalty[a]! || a - b,
  );
  const planned = Array.from({ length: orderCount }, (_, order) => order)
    .filter((order) => plan.canRemove(plan.space.firstVisit[order]!))
    .toSorted((a, b) => penalty[a]! - penalty[b]! || a - b);
  return absent.some((order) =>
    planned.some(
      (other) => penalty[other]! < penalty[order]! && replaces(plan, recreate, { order, other }),
    ),
  );
}

function replaces(
  plan: Plan,
  recreate: Recreate,
  { order, other }: { order: number; other: number },
): boolean {
  const route = plan.routeOf[other]!;
  if (plan.space.vehicles[route]!.isCapable[order] === 0) return false;
  plan.remove(Int32Array.of(other), 1);
  if (recreate.insertInto(order, route) && plan.change < Infinity) {
    plan.commit();
    return true;
  }
  plan.rollBack();
  return false;
}
