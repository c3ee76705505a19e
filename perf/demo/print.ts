import { styleText } from 'node:util';

import type { Cost } from './client.ts';

/** Prints the heading of one step of the story. */
export function printStep(title: string): void {
  stepNumber += 1;
  process.stdout.write(`\n${styleText('bold', `${stepNumber}. ${title}`)}\n`);
}

/** Prints what an operation cost: time, subgraph fetches, SQL statements. */
export function printCost(operation: string, cost: Cost): void {
  const figures = [
    `${cost.milliseconds.toFixed(0).padStart(6)} ms`,
    plural(cost.fetches, 'subgraph fetch', 'subgraph fetches').padStart(19),
    plural(cost.sqlStatements, 'SQL statement').padStart(19),
  ].join('  ');
  process.stdout.write(`   ${operation.padEnd(30)}${styleText('cyan', figures)}\n`);
}

/** Prints one thing that the step brought to light. */
export function printFact(text: string): void {
  process.stdout.write(`   ${text}\n`);
}

let stepNumber = 0;

/** A number with its noun. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
