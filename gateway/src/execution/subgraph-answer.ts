import type { GraphQLFormattedError } from 'graphql';
import type { AnswerNode } from './answer-node.ts';
import type { FetchSelection } from './fetch-selection.ts';
import { readObject } from './general-reader.ts';

/** What a subgraph answered to a fetch. */
export type FetchedAnswer = {
  /** One object, or one for each entity; null when there are no data at all. */
  objects: (AnswerNode | null)[] | null;
  errors: readonly GraphQLFormattedError[];
};

/** Which shape the data of a fetch have: the fields themselves, or a list of so many entities. */
export type FetchedShape = { selection: FetchSelection; entities: number | null };

/** Reads the text of an answer; null when it is not an answer to this fetch. */
export function readAnswer(text: string, shape: FetchedShape): FetchedAnswer | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return readResult(value, shape);
}

/** Reads a result that is no text any more. */
export function readResult(value: unknown, shape: FetchedShape): FetchedAnswer | null {
  if (!isObject(value)) return null;
  const { data = null, errors: given = null } = value;
  const errors = errorsIn(given);
  if (errors === null) return null;
  if (data === null) return errors.length > 0 ? { objects: null, errors } : null;
  if (!isObject(data)) return null;
  const objects = objectsIn(data, shape);
  if (objects !== null) return { objects, errors };
  return errors.length > 0 && (data['_entities'] ?? null) === null ? { objects, errors } : null;
}

function objectsIn(
  data: Readonly<Record<string, unknown>>,
  { selection, entities }: FetchedShape,
): (AnswerNode | null)[] | null {
  if (entities === null) return [readObject(data, selection)];
  const list = data['_entities'];
  if (!Array.isArray(list) || list.length !== entities) return null;
  if (!list.every((item) => item === null || isObject(item))) return null;
  return list.map((item) => item && readObject(item, selection));
}

/** More than an answer shows; making tens of thousands takes seconds. */
export const MOST_ERRORS_OF_A_FETCH = 1_000;

function errorsIn(errors: unknown): GraphQLFormattedError[] | null {
  if (errors === null) return [];
  if (!Array.isArray(errors) || !errors.every(isFormattedError)) return null;
  return errors.slice(0, MOST_ERRORS_OF_A_FETCH);
}

function isFormattedError(error: unknown): error is GraphQLFormattedError {
  return (
    isObject(error) &&
    typeof error['message'] === 'string' &&
    Array.isArray(error['path'] ?? []) &&
    isObject(error['extensions'] ?? {})
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
