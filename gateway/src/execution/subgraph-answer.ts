import type { GraphQLFormattedError } from 'graphql';
import { fromByteText } from '../byte-text.ts';
import type { ByteText } from '../byte-text.ts';
import type { UpstreamFault } from '../upstream/upstream-error.ts';
import type { AnswerNode } from './answer-node.ts';
import { AnswerScanner, UNEXPECTED } from './answer-scanner.ts';
import type { FetchSelection } from './fetch-selection.ts';
import { readObject } from './general-reader.ts';
import type { ScanObject } from './scanner-code.ts';

/** What a subgraph answered to a fetch. */
export type FetchedAnswer = {
  /** One object, or one for each entity; null when there are no data at all. */
  objects: (AnswerNode | null)[] | null;
  errors: readonly GraphQLFormattedError[];
  /** Why there is no answer at all. */
  fault?: UpstreamFault;
};

/** Which shape the data of a fetch have: the fields themselves, or a list of so many entities. */
export type FetchedShape = { selection: FetchSelection; entities: number | null };

type Scanned = FetchedShape & {
  /** Reads an answer that is as expected; null where there is no such code. */
  scan: ScanObject | null;
};

/** Reads the text of an answer; null when it is not an answer to this fetch. */
export function readAnswer(text: ByteText, shape: Scanned): FetchedAnswer | null {
  const scanned = scanAnswer(text, shape);
  if (scanned) return scanned;
  let value: unknown;
  try {
    value = JSON.parse(fromByteText(text));
  } catch {
    return null;
  }
  return readResult(value, shape);
}

/** One is enough: no answer is read halfway. */
const SCANNER = new AnswerScanner();

function scanAnswer(text: ByteText, { scan, entities }: Scanned): FetchedAnswer | null {
  const start = entities === null ? DATA : ENTITIES;
  if (!scan || !text.startsWith(start)) return null;
  SCANNER.begin(text, start.length);
  try {
    const objects = entities === null ? [scan(SCANNER)] : scanEntities(scan, entities);
    SCANNER.end();
    return { objects, errors: [] };
  } catch (error) {
    if (error !== UNEXPECTED) throw error;
    return null;
  } finally {
    SCANNER.begin('' as ByteText, 0);
  }
}

const DATA = '{"data":';
const ENTITIES = '{"data":{"_entities":[';

function scanEntities(scan: ScanObject, count: number): (AnswerNode | null)[] {
  const objects: (AnswerNode | null)[] = [];
  while (objects.length < count) {
    if (objects.length > 0) SCANNER.expect(COMMA);
    objects.push(SCANNER.isNull() ? SCANNER.null() : scan(SCANNER));
  }
  SCANNER.expect(BRACKET_END);
  SCANNER.expect(BRACE_END);
  return objects;
}

const COMMA = 44;
const BRACKET_END = 93;
const BRACE_END = 125;

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
