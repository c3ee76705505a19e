import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchCase } from './bench-case.ts';
import { checkPlan } from './check-plan.ts';
import { CONVENTIONS, usualConvention, type Convention } from './convention.ts';
import type { BestKnownValues } from './instances/best-known.ts';
import { BrokenFile } from './instances/broken-file.ts';
import type { RawInstance } from './instances/raw-instance.ts';
import { readInstance } from './instances/read-instance.ts';
import type { SolutionStop } from './engine.ts';
import { toProblem } from './to-problem.ts';

/** Every instance in a folder and below it, by class and name. Throws `BrokenFile`. */
export function standardCases(
  directory: string,
  bestKnown: BestKnownValues,
  { convention = null }: { convention?: Convention | null } = {},
): BenchCase[] {
  return instanceFiles(directory)
    .map((file) => {
      const instance = readInstance(file);
      const usual = usualConvention(instance.format);
      return standardCase(instance, usual === 'DIMACS' ? (convention ?? usual) : usual, {
        bestKnown,
        className: classOf(instance),
      });
    })
    .sort((a, b) => byText(a.class, b.class) || byText(a.name, b.name));
}

/** An instance whose plans are checked against its own figures, sharing nothing with the engine. */
export function standardCase(
  instance: RawInstance,
  convention: Convention,
  { bestKnown, className }: { bestKnown: BestKnownValues; className: string },
): BenchCase {
  const best = bestKnown(instance.name, convention);
  return {
    name: instance.name,
    class: className,
    problem: () => toProblem(instance, convention),
    objective: convention,
    reference: best && {
      vehicles: CONVENTIONS[convention].vehiclesFirst ? best.vehicles : null,
      value: best.value,
    },
    judge(solution) {
      const { vehicles, distance, violations } = checkPlan(
        instance,
        convention,
        solution.routes.map(({ stops }) => stops.flatMap(nodesOf)),
      );
      return { vehicles, value: distance, violations };
    },
  };
}

function instanceFiles(directory: string): string[] {
  let names: string[];
  try {
    names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new BrokenFile(directory, null, `cannot be read as a folder (${code})`);
  }
  const files = names
    .filter((name) => /\.(txt|vrp)$/i.test(name))
    .map((name) => join(directory, name))
    .filter((file) => statSync(file).isFile());
  if (files.length === 0) throw new BrokenFile(directory, null, 'has no files .txt or .vrp');
  return files;
}

const CLASS_SIZES = [25, 50, 100, 200, 400, 600, 800, 1000];

function classOf(instance: RawInstance): string {
  const customers = instance.nodes.length - 1;
  const size = CLASS_SIZES.findLast((candidate) => candidate <= customers) ?? customers;
  if (instance.format === 'SOLOMON') return `${size <= 100 ? 'Solomon' : 'Homberger'} ${size}`;
  if (instance.format === 'LI_LIM') return `Li & Lim ${size}`;
  if (customers < 200) return 'CVRP below 200';
  return customers <= 500 ? 'CVRP 200-500' : 'CVRP above 500';
}

/** The customers of a stop; the keys of the orders are those of `toProblem`. */
function nodesOf({ kind, orderKeys }: SolutionStop): number[] {
  return orderKeys.map((key) => {
    const [first = -1, last = first] = key.split(' to ').map(Number);
    return kind === 'PICKUP' ? first : last;
  });
}

function byText(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
