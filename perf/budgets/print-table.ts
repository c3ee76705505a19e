import type { Budget } from './budgets.ts';

/** What an operation took for few and for many items, and what it may take. */
export type TableRow = {
  operation: string;
  items: string;
  few: Budget;
  many: Budget;
  budget: Budget | undefined;
};

/** Prints what every operation took beside its budget. */
export function printTable(rows: readonly TableRow[]): void {
  const table = [HEADINGS, ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...table.map((cells) => cells[column]?.length ?? 0)),
  );
  for (const cells of table) {
    const padded = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    console.log(padded.join('  ').trimEnd());
  }
}

const HEADINGS = ['operation', 'items', 'fetches', 'SQL statements'];

function cellsOf({ operation, items, few, many, budget }: TableRow): string[] {
  const counts = (['fetches', 'sqlStatements'] as const).map((key) => {
    const taken = few[key] === many[key] ? few[key] : `${few[key]}, ${many[key]}`;
    return `${taken} of ${budget?.[key] ?? 'no budget'}`;
  });
  return [operation, items, ...counts];
}
