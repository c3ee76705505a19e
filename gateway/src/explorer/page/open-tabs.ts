import type { GraphiQLProps } from 'graphiql';
import { lookUp } from './call.ts';
import { PLACEHOLDERS, type Caller, type Placeholder, type Settings } from './settings.ts';

/** The caller's examples, their variables filled from what this caller sees today. */
export async function openTabs(caller: Caller, settings: Settings): Promise<Tab[]> {
  const answers = await Promise.all(
    caller.lookups.map((query) => lookUp(query, { caller, settings })),
  );
  const values = placeholderValues(answers);
  return caller.examples.map(({ query, variables }) => ({
    query,
    variables: JSON.stringify(fill(variables, values), null, 2),
  }));
}

/** A tab of the editor. */
export type Tab = NonNullable<GraphiQLProps['defaultTabs']>[number];

type Values = Readonly<Record<Placeholder, string>>;

function placeholderValues(answers: readonly unknown[]): Values {
  const timeZone = textAt(answers, ['viewer', 'organization', 'timeZone']) ?? 'UTC';
  return {
    '<depot>': textAt(answers, ['depots', 'nodes', 0, 'id']) ?? 'dep_',
    '<report>': textAt(answers, ['reports', 'nodes', 0, 'id']) ?? 'rep_',
    '<new key>': crypto.randomUUID(),
    '<today>': dateAt(timeZone, 0),
    '<yesterday>': dateAt(timeZone, 1),
    '<a week ago>': dateAt(timeZone, 7),
    '<a month ago>': dateAt(timeZone, 30),
  };
}

function textAt(answers: readonly unknown[], path: readonly (string | number)[]): string | null {
  for (const answer of answers) {
    const value = path.reduce<unknown>(
      (node, key) => (node as Record<string | number, unknown> | null | undefined)?.[key],
      answer,
    );
    if (typeof value === 'string') return value;
  }
  return null;
}

/** A calendar date there; Swedish writes dates as ISO 8601 does. */
function dateAt(timeZone: string, daysAgo: number): string {
  const instant = new Date(Date.now() - daysAgo * 86_400_000);
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(instant);
}

function fill(value: unknown, values: Values): unknown {
  if (typeof value === 'string') return isPlaceholder(value) ? values[value] : value;
  if (Array.isArray(value)) return value.map((item) => fill(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, values)]));
}

function isPlaceholder(text: string): text is Placeholder {
  return PLACEHOLDERS.some((placeholder) => placeholder === text);
}
