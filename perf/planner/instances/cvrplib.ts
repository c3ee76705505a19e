import { BrokenFile } from './broken-file.ts';
import { numberedLines, numbersOf, shortened, type NumberedLine } from './numbered-lines.ts';
import type { RawInstance, RawNode } from './raw-instance.ts';

type Sections = ReadonlyMap<string, readonly NumberedLine[]>;
type Header = ReadonlyMap<string, NumberedLine>;

/** The `.vrp` files of CVRPLIB: one depot, capacity only, distances in the plane (`EUC_2D`). Throws `BrokenFile`. */
export function parseCvrplib(name: string, file: string, text: string): RawInstance {
  const { header, sections } = partsOf(numberedLines(file, text));
  expectValue(header, file, 'TYPE', 'CVRP');
  expectValue(header, file, 'EDGE_WEIGHT_TYPE', 'EUC_2D');
  const dimension = numberOf(header, file, 'DIMENSION');
  const places = rowsOf(sections, file, 'NODE_COORD_SECTION', dimension);
  const demands = rowsOf(sections, file, 'DEMAND_SECTION', dimension);
  const nodes = places.map(([, x = 0, y = 0], index): RawNode => ({
    x,
    y,
    demand: demands[index]?.[1] ?? 0,
    ready: 0,
    due: Number.POSITIVE_INFINITY,
    service: 0,
  }));
  expectDepotFirst(sections, file);
  const capacity = numberOf(header, file, 'CAPACITY');
  return { name, file, format: 'CVRPLIB', vehicles: null, capacity, nodes, pairs: [] };
}

function partsOf(lines: readonly NumberedLine[]): { header: Header; sections: Sections } {
  const header = new Map<string, NumberedLine>();
  const sections = new Map<string, NumberedLine[]>();
  let section: NumberedLine[] | null = null;
  for (const line of lines) {
    const [, key, value] = /^([A-Z_]+)\s*(?::\s*(.*))?$/.exec(line.text) ?? [];
    if (key === 'EOF') break;
    if (key === undefined) section?.push(line);
    else if (value === undefined) sections.set(key, (section = []));
    else header.set(key, { ...line, text: value });
  }
  return { header, sections };
}

function expectValue(header: Header, file: string, key: string, value: string): void {
  const line = header.get(key);
  if (line?.text === value) return;
  const got = line === undefined ? 'nothing' : `"${shortened(line.text)}"`;
  throw new BrokenFile(file, line?.number ?? null, `expected ${key} : ${value}, got ${got}`);
}

function numberOf(header: Header, file: string, key: string): number {
  const line = header.get(key);
  if (line === undefined) throw new BrokenFile(file, null, `no line ${key}`);
  return numbersOf(line, 1, `a number as ${key}`)[0] ?? 0;
}

/** The rows of a section, each beginning with its number from 1. */
function rowsOf(sections: Sections, file: string, section: string, count: number): number[][] {
  const lines = sections.get(section) ?? [];
  if (lines.length !== count) {
    throw new BrokenFile(file, null, `expected ${count} lines in ${section}, got ${lines.length}`);
  }
  return lines.map((line, index) => {
    const numbers = numbersOf(line, 2, `a row of ${section}`);
    if (numbers[0] === index + 1) return numbers;
    throw new BrokenFile(file, line.number, `expected row ${index + 1} of ${section}`);
  });
}

function expectDepotFirst(sections: Sections, file: string): void {
  const [depot, end] = sections.get('DEPOT_SECTION') ?? [];
  if (depot?.text === '1' && end?.text === '-1') return;
  throw new BrokenFile(file, depot?.number ?? null, 'expected node 1 as the only depot');
}
