import { checkOrder } from './checks/order.ts';
import { checkPresent } from './checks/present.ts';
import { checkCost, type ProblemFlaw, type Report } from './checks/report.ts';
import { checkTravel } from './checks/travel.ts';
import { checkVehicle } from './checks/vehicle.ts';
import { MAX_ORDERS, MAX_VEHICLES, type PlanningProblem } from './problem.ts';

export type { ProblemFlaw } from './checks/report.ts';

/** At most this many flaws are listed: a caller with thousands has one cause. */
const MAX_FLAWS = 100;

/**
 * Everything that makes a problem senseless: figures out of range, references to nothing, locks that
 * contradict each other, orders and no vehicle at all. Orders that nobody can serve are no flaw, they
 * are left out with reasons.
 */
export function checkProblem(problem: PlanningProblem): ProblemFlaw[] {
  const flaws: ProblemFlaw[] = [];
  const report: Report = (path, message) => {
    if (flaws.length < MAX_FLAWS) flaws.push({ path, message });
  };
  checkCount(report, 'orders', problem.orders.length, MAX_ORDERS);
  checkCount(report, 'vehicles', problem.vehicles.length, MAX_VEHICLES);
  checkCount(report, 'places', problem.places.length, 2 * MAX_ORDERS + 3 * MAX_VEHICLES);
  if (problem.orders.length > 0 && problem.vehicles.length === 0) {
    report(['vehicles'], 'at least one vehicle is needed, got none');
  }
  checkKeys(report, 'orders', problem.orders);
  checkKeys(report, 'vehicles', problem.vehicles);
  checkLegs(report, problem);
  const placeCount = problem.places.length;
  problem.vehicles.forEach((vehicle, index) => {
    checkVehicle(report, ['vehicles', `${index}`], { vehicle, placeCount });
  });
  problem.orders.forEach((order, index) => {
    checkOrder(report, ['orders', `${index}`], { order, placeCount });
  });
  checkTravel(report, problem);
  checkObjectives(report, problem);
  if (problem.present) checkPresent(report, problem, problem.present, () => flaws.length === 0);
  return flaws;
}

function checkCount(report: Report, list: string, count: number, max: number): void {
  if (count > max) report([list], `at most ${max} are planned at once, got ${count}`);
}

/** All legs between the visits are held for each profile; a search keeps them several times. */
function checkLegs(report: Report, { orders, vehicles }: PlanningProblem): void {
  const visits = orders
    .flatMap(({ pickup, delivery }) => [pickup, delivery])
    .filter(Boolean).length;
  const profiles = new Set(vehicles.map(({ profile }) => profile)).size;
  const legs = visits ** 2 * profiles;
  if (legs <= MAX_LEGS) return;
  report(
    ['orders'],
    `at most ${MAX_LEGS} legs are held, got ${legs} for ${visits} visits and ${profiles} profiles`,
  );
}

/** `MAX_ORDERS` with one visit each and five profiles have fewer, twice as many visits may use one. */
const MAX_LEGS = 25_000_000;

function checkKeys(report: Report, list: string, items: readonly { readonly key: string }[]): void {
  const seen = new Set<string>();
  items.forEach(({ key }, index) => {
    if (seen.has(key)) report([list, `${index}`, 'key'], `"${key}" is used twice`);
    seen.add(key);
  });
}

function checkObjectives(report: Report, { objectives }: PlanningProblem): void {
  for (const [name, weight] of Object.entries(objectives)) {
    if (name === 'lateness' && weight === null) continue;
    checkCost(report, ['objectives', name], weight ?? NaN);
  }
}
