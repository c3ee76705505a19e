import { BrokenFile } from './broken-file.ts';
import { numberedLines, numbersOf, type NumberedLine } from './numbered-lines.ts';
import type { RawInstance, RawNode, RawPair } from './raw-instance.ts';

const COLUMNS =
  'number, x, y, demand, earliest and latest time, service time, pickup and delivery of a task';

/** The text format of Li and Lim (2001): each pickup names its delivery and the other way round. Throws `BrokenFile`. */
export function parseLiLim(name: string, file: string, text: string): RawInstance {
  const [fleet, ...tasks] = numberedLines(file, text);
  if (fleet === undefined || tasks.length < 3) {
    throw new BrokenFile(
      file,
      null,
      'expected a line with the fleet, the depot and pairs of tasks',
    );
  }
  const [vehicles = 0, capacity = 0] = numbersOf(fleet, 2, 'number and capacity of the vehicles');
  const rows = tasks.map((line) => ({ line, numbers: numbersOf(line, 9, COLUMNS) }));
  const nodes = rows.map(({ line, numbers }, index) => nodeOf(line, numbers, index));
  const pairs = rows.slice(1).flatMap(({ line, numbers }, index): RawPair[] => {
    const [pickup = 0, delivery = 0] = numbers.slice(7);
    return delivery === 0 ? [] : [pairOf({ line, pickup, delivery, task: index + 1, nodes })];
  });
  if (pairs.length * 2 !== nodes.length - 1) {
    throw new BrokenFile(
      file,
      null,
      `${nodes.length - 1} tasks do not make pairs: ${pairs.length} of them name a delivery`,
    );
  }
  return { name, file, format: 'LI_LIM', vehicles, capacity, nodes, pairs };
}

function nodeOf(line: NumberedLine, numbers: readonly number[], index: number): RawNode {
  const [id, x = 0, y = 0, demand = 0, ready = 0, due = 0, service = 0] = numbers;
  if (id !== index) {
    throw new BrokenFile(line.file, line.number, `expected task ${index}, got ${id}`);
  }
  return { x, y, demand, ready, due, service };
}

function pairOf(row: {
  line: NumberedLine;
  task: number;
  pickup: number;
  delivery: number;
  nodes: readonly RawNode[];
}): RawPair {
  const { line, task, pickup, delivery, nodes } = row;
  const isPair =
    pickup === 0 && delivery !== task && nodes[delivery]?.demand === -(nodes[task]?.demand ?? 0);
  if (!isPair) {
    throw new BrokenFile(
      line.file,
      line.number,
      `task ${task} and its delivery ${delivery} are no pair`,
    );
  }
  return { pickup: task, delivery };
}
