import { BrokenFile } from './broken-file.ts';
import { numberedLines, numbersOf, type NumberedLine } from './numbered-lines.ts';
import type { RawInstance, RawNode } from './raw-instance.ts';

const COLUMNS = 'number, x, y, demand, ready time, due date and service time of a customer';

/** The text format of Solomon (1987), which Gehring and Homberger (1999) use as well. Throws `BrokenFile`. */
export function parseSolomon(name: string, file: string, text: string): RawInstance {
  const lines = numberedLines(file, text);
  const fleet = lineAfter(lines, /^NUMBER\s+CAPACITY$/i, file);
  const header = lines.findIndex((line) => /^CUST/i.test(line.text) && /DEMAND/i.test(line.text));
  if (header === -1) throw new BrokenFile(file, null, 'no line with the columns of the customers');
  const [vehicles = 0, capacity = 0] = numbersOf(fleet, 2, 'number and capacity of the vehicles');
  const nodes = lines.slice(header + 1).map(nodeOf);
  if (nodes.length < 2) throw new BrokenFile(file, null, 'neither depot nor customers');
  return { name, file, format: 'SOLOMON', vehicles, capacity, nodes, pairs: [] };
}

function lineAfter(lines: readonly NumberedLine[], title: RegExp, file: string): NumberedLine {
  const index = lines.findIndex((line) => title.test(line.text));
  const next = lines[index + 1];
  if (index === -1 || next === undefined) {
    throw new BrokenFile(file, null, 'no line NUMBER CAPACITY with the fleet below it');
  }
  return next;
}

function nodeOf(line: NumberedLine, index: number): RawNode {
  const [id, x = 0, y = 0, demand = 0, ready = 0, due = 0, service = 0] = numbersOf(
    line,
    7,
    COLUMNS,
  );
  if (id !== index) {
    throw new BrokenFile(line.file, line.number, `expected customer ${index}, got ${id}`);
  }
  return { x, y, demand, ready, due, service };
}
