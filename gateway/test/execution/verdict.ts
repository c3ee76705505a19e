import type { ExecutionResult } from 'graphql';
import type { GatewayAnswer } from './graph.ts';

type Path = readonly (string | number)[];

/** How closely the gateway's errors have to tell where something is missing. */
export type ErrorRule =
  /** Fields failed: each null has an error at itself or below. */
  | 'exact'
  /** Whole calls failed, or what is required by others: an error above it explains a null too. */
  | 'aggregated';

/**
 * What is wrong with the gateway's answer, given the oracle's; null when nothing is.
 *
 * - `data` is the same, to the order of the keys.
 * - Where the oracle explains a null by an error, so does the gateway: by an error whose path is
 *   that of the null, or leads to something below it that must not be null. Several errors may
 *   explain one null, and one of them is enough.
 * - By the `aggregated` rule an error also explains the nulls below its path, and errors of fields
 *   that nobody selected (keys, and what other fields require) are allowed.
 * - Each error of the gateway points at something that is missing, or by the `aggregated` rule at
 *   something in which something is missing.
 */
export function faultOfAnswer(
  got: Pick<GatewayAnswer, 'data' | 'errors'>,
  expected: ExecutionResult,
  rule: ErrorRule,
): string | null {
  // Nothing at all, as for an operation that was refused, is not null.
  const gotText = got.data === undefined ? 'nothing' : JSON.stringify(got.data);
  const expectedText = JSON.stringify(expected.data ?? null);
  if (gotText !== expectedText) return `data differ at ${differenceOf(gotText, expectedText)}`;
  const places = (expected.errors ?? []).map(({ path = [] }) => nullOn(path, expected.data));
  for (const place of places) {
    if (!got.errors.some(({ path = [] }) => explains(path, place, rule))) {
      return `null without an error at ${JSON.stringify(place)}`;
    }
  }
  for (const { path = [], message } of got.errors) {
    if (!isJustified(path, { data: expected.data, places, rule })) {
      return `error without a null at ${JSON.stringify(path)}: ${message}`;
    }
  }
  return null;
}

/**
 * What is wrong with an answer when nobody knows which calls failed: `whole` is the oracle's answer
 * without a fault. Nothing may be invented, and each null that hides something has an error.
 */
export function faultOfPartialAnswer(
  got: Pick<GatewayAnswer, 'data' | 'errors'>,
  whole: ExecutionResult,
): string | null {
  const paths = got.errors.map(({ path = [] }) => path);
  return faultWithin({ got: got.data, whole: whole.data ?? null, at: [], paths });
}

function faultWithin({
  got,
  whole,
  at,
  paths,
}: {
  got: unknown;
  whole: unknown;
  at: Path;
  paths: readonly Path[];
}): string | null {
  if (got === null && whole !== null) {
    const isExplained = paths.some((path) => explains(path, at, 'aggregated'));
    return isExplained ? null : `null without an error at ${JSON.stringify(at)}`;
  }
  if (typeof got !== 'object' || got === null || typeof whole !== 'object' || whole === null) {
    return JSON.stringify(got) === JSON.stringify(whole)
      ? null
      : `another value at ${at.join('.')}`;
  }
  const names = Object.keys(got);
  if (names.join() !== Object.keys(whole).join()) return `other keys at ${at.join('.')}`;
  for (const name of names) {
    const key = Array.isArray(got) ? Number(name) : name;
    const inner = { got: valueAt(got, key), whole: valueAt(whole, key), at: [...at, key], paths };
    const fault = faultWithin(inner);
    if (fault !== null) return fault;
  }
  return null;
}

function explains(path: Path, place: Path, rule: ErrorRule): boolean {
  return startsWith(path, place) || (rule === 'aggregated' && startsWith(place, path));
}

/** The outermost null on the way along a path; the path itself when there is none. */
function nullOn(path: Path, data: unknown): Path {
  let value: unknown = data ?? null;
  for (const [depth, key] of path.entries()) {
    if (value === null) return path.slice(0, depth);
    value = valueAt(value, key);
  }
  return path;
}

function isJustified(
  path: Path,
  { data, places, rule }: { data: unknown; places: readonly Path[]; rule: ErrorRule },
): boolean {
  if (rule === 'aggregated' && places.some((place) => startsWith(place, path))) return true;
  let value: unknown = data ?? null;
  for (const key of path) {
    if (value === null) return true;
    if (rule === 'aggregated' && !hasKey(value, key)) return true;
    value = valueAt(value, key);
  }
  return rule === 'aggregated' ? hasNull(value) : value === null;
}

function hasNull(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === null;
  return Object.values(value).some(hasNull);
}

function hasKey(value: unknown, key: string | number): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

function valueAt(value: unknown, key: string | number): unknown {
  return hasKey(value, key) ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((key, index) => path[index] === key);
}

function differenceOf(got: string, expected: string): string {
  let index = 0;
  while (index < got.length && got[index] === expected[index]) index += 1;
  const around = (text: string) => text.slice(Math.max(0, index - 60), index + 60);
  return `${index}:\n  got      … ${around(got)}\n  expected … ${around(expected)}`;
}
