import { readFileSync } from 'node:fs';

/** What one run of an operation may cost at most, however long its lists are. */
export type Budget = { fetches: number; sqlStatements: number };

/** Client -> operation -> budget. */
export type Budgets = Readonly<Record<string, Readonly<Record<string, Budget>>>>;

/** The budgets that this room keeps. */
export function readBudgets(): Budgets {
  return JSON.parse(readFileSync(`${import.meta.dirname}/budgets.json`, 'utf8')) as Budgets;
}

/** Operations without a budget and budgets without an operation, one sentence each. */
export function unmatched(
  operations: readonly { client: string; name: string }[],
  budgets: Budgets,
): string[] {
  const registered = new Set(operations.map(({ client, name }) => `${client}/${name}`));
  const budgeted = new Set(
    Object.entries(budgets).flatMap(([client, ofClient]) =>
      Object.keys(ofClient).map((name) => `${client}/${name}`),
    ),
  );
  return [
    ...[...registered].filter((name) => !budgeted.has(name)).map((name) => `${name} has no budget`),
    ...[...budgeted]
      .filter((name) => !registered.has(name))
      .map((name) => `${name} is no registered operation`),
  ];
}

/** What is wrong with the cost of one operation at a few and at many items; empty when all is well. */
export function violations({ few, many }: { few: Budget; many: Budget }, budget: Budget): string[] {
  return COUNTS.flatMap(({ key, what }) => {
    const grows = few[key] !== many[key];
    const most = Math.max(few[key], many[key]);
    return [
      ...(grows
        ? [`${what} depend on the number of items: ${few[key]} for few, ${many[key]} for many`]
        : []),
      ...(most > budget[key] ? [`${most} ${what}, the budget has ${budget[key]}`] : []),
    ];
  });
}

const COUNTS = [
  { key: 'fetches', what: 'subgraph fetches' },
  { key: 'sqlStatements', what: 'SQL statements' },
] as const;
