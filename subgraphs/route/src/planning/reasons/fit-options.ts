import { rounded } from './figure-text.ts';
import { fitText } from './fit-text.ts';
import { InsertionFinder, type Insertion } from './insertion-finder.ts';
import type { Instance, InstanceVehicle } from '../instance/instance.ts';
import { relaxationsFor, type FitKind, type Relaxation } from './relaxations.ts';

/** One change, and what serving an order would cost with it. */
export type FitOption = {
  readonly kind: FitKind;
  readonly message: string;
  /** The least that suffices: minutes, kilograms, cubic metres, kilometres or pieces; 0 for NOTHING and SKILL. */
  readonly amount: number;
  readonly vehicleKey: string;
  /** What the order adds to the plan by the problem's objectives, without what the change itself costs. */
  readonly cost: number;
  readonly meters: number;
};

type FitLimits = { readonly isOutOfTime?: () => boolean; readonly earliestSeconds?: number };

type Routes = readonly (readonly number[] | null)[];

/**
 * Which single changes would each fit an order into routes that otherwise stay as they are, cheapest
 * first. Each relaxation is solved again with ever less of it, by bisection, until it just suffices.
 * An option is never promised from a bound: the exact walk has found the route that it names.
 *
 * @param routes By vehicle: its visits and reloads, without the order; null for one that takes nothing.
 * @param limits.isOutOfTime Asked before each relaxation; those that are left are not looked at.
 * @param limits.earliestSeconds No shift can be made to start before this.
 */
export function fitOptions(
  instance: Instance,
  routes: Routes,
  order: number,
  { isOutOfTime = () => false, earliestSeconds = -Infinity }: FitLimits = {},
): FitOption[] {
  const vehicles = differentVehicles(instance, routes);
  const asIs = cheapest(new InsertionFinder(instance), vehicles, routes, order);
  if (asIs) return [option(instance, order, 'NOTHING', 0, asIs)];
  const options: FitOption[] = [];
  for (const relaxation of relaxationsFor(instance, order, earliestSeconds)) {
    if (isOutOfTime()) break;
    const least = leastAmount(relaxation, vehicles, routes, order);
    if (least === null) continue;
    const amount = rounded(relaxation.unit * least.steps, 2);
    options.push(option(instance, order, relaxation.kind, amount, least.insertion));
  }
  return options.toSorted((a, b) => a.cost - b.cost);
}

type Least = { readonly steps: number; readonly insertion: Insertion };

function leastAmount(
  relaxation: Relaxation,
  vehicles: readonly InstanceVehicle[],
  routes: Routes,
  order: number,
): Least | null {
  const finder = new InsertionFinder(relaxation.instance);
  const fitting = (among: readonly InstanceVehicle[], steps: number) => {
    relaxation.prepare(steps);
    return among.filter((vehicle) => {
      const relaxed = relaxation.relax(vehicle, steps);
      return relaxed !== null && finder.fits(relaxed, routes[vehicle.index]!, order);
    });
  };
  let enough = relaxation.maxSteps;
  let candidates = fitting(vehicles, enough);
  let tooLittle = 0;
  while (candidates.length > 0 && enough - tooLittle > 1) {
    const middle = (enough + tooLittle) >> 1;
    const found = fitting(candidates, middle);
    if (found.length === 0) tooLittle = middle;
    else [enough, candidates] = [middle, found];
  }
  relaxation.prepare(enough);
  const relaxed = candidates.flatMap((vehicle) => relaxation.relax(vehicle, enough) ?? []);
  const insertion = cheapest(finder, relaxed, routes, order);
  return insertion && { steps: enough, insertion };
}

function cheapest(
  finder: InsertionFinder,
  vehicles: readonly InstanceVehicle[],
  routes: Routes,
  order: number,
): Insertion | null {
  let best: Insertion | null = null;
  for (const vehicle of vehicles) {
    const found = finder.cheapest(vehicle, routes[vehicle.index]!, order);
    if (found && (best === null || found.cost < best.cost)) best = found;
  }
  return best;
}

/** Of vehicles that are alike and have nothing to do, one. */
function differentVehicles({ vehicles }: Instance, routes: Routes): InstanceVehicle[] {
  const idleKinds = new Set<number>();
  return vehicles.filter(({ index, kind }) => {
    const nodes = routes[index]!;
    if (nodes === null) return false;
    if (nodes.length > 0) return true;
    const isNew = !idleKinds.has(kind);
    idleKinds.add(kind);
    return isNew;
  });
}

function option(
  { problem }: Instance,
  order: number,
  kind: FitKind,
  amount: number,
  { vehicle, cost, meters }: Insertion,
): FitOption {
  const planned = problem.vehicles[vehicle.index]!;
  const message = fitText(kind, amount, { order: problem.orders[order]!, vehicle: planned });
  return { kind, message, amount, vehicleKey: planned.key, cost, meters };
}
