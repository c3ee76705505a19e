import { GraphQLError } from 'graphql';
import { isStorableText } from './text.ts';

/** What a client's `JSONObject` may be at most. */
export const JSON_LIMITS = { depth: 12, values: 2_000, characters: 65_536 } as const;

type Spent = { values: number; characters: number };

/**
 * The same object when it is within `JSON_LIMITS`, has only text that PostgreSQL can store, finite
 * numbers and harmless keys; throws a GraphQLError that names the place otherwise.
 */
export function checkJson<T extends object>(object: T): T {
  checkValue(object, { path: 'JSONObject', depth: 1, spent: { values: 0, characters: 0 } });
  return object;
}

function checkValue(value: unknown, at: { path: string; depth: number; spent: Spent }): void {
  at.spent.values += 1;
  if (at.spent.values > JSON_LIMITS.values)
    refuse(at.path, `more than ${JSON_LIMITS.values} values`);
  if (at.depth > JSON_LIMITS.depth) refuse(at.path, `nested deeper than ${JSON_LIMITS.depth}`);
  if (typeof value === 'string') checkText(value, at);
  else if (typeof value === 'number' && !Number.isFinite(value))
    refuse(at.path, 'not a finite number');
  else if (typeof value === 'object' && value !== null) checkEntries(value, at);
}

function checkEntries(value: object, at: { path: string; depth: number; spent: Spent }): void {
  for (const [key, entry] of Object.entries(value)) {
    if (key === '__proto__') refuse(at.path, 'has a key that is not allowed');
    checkText(key, at);
    checkValue(entry, { path: `${at.path}.${key}`, depth: at.depth + 1, spent: at.spent });
  }
}

function checkText(text: string, { path, spent }: { path: string; spent: Spent }): void {
  spent.characters += text.length;
  if (spent.characters > JSON_LIMITS.characters) {
    refuse(path, `more than ${JSON_LIMITS.characters} characters`);
  }
  if (!isStorableText(text)) refuse(path, 'has a NUL character or half of a surrogate pair');
}

function refuse(path: string, problem: string): never {
  throw new GraphQLError(`${path.slice(0, 200).toWellFormed().replaceAll('\0', '')}: ${problem}`);
}
