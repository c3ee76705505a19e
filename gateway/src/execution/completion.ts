import { GraphQLError } from 'graphql';
import { FAILED, GONE } from './answer-node.ts';
import type { AnswerValue } from './answer-node.ts';

/** A place of the answer, the nearest key first. */
type ReversedPath = (string | number)[];
type Finding = { message: string; path: ReversedPath; isNull: boolean };

/** Where a value stands, as far as the code that writes it knows. */
export type Where = { key: string; nonNull: boolean; coordinate: string };

/**
 * What is found amiss while an answer is written. Paths grow from the inside out: whoever wrote a
 * part of the answer adds its own key to what was found in there. At most `MOST_FINDINGS` are kept:
 * an answer shows fewer.
 */
export class Completion {
  /** How many findings there are. */
  count = 0;
  readonly #findings: Finding[] = [];

  /**
   * Judges a value that cannot be written. True: nothing may stand there, so that the object around
   * it becomes null too.
   */
  absent(
    value: AnswerValue | undefined,
    { key, nonNull, coordinate }: Where,
    index?: number,
  ): boolean {
    // Another error tells already why there is nothing.
    if (value === FAILED) return nonNull;
    const path = index === undefined ? [key] : [index];
    if (value === undefined) {
      this.#find({ message: `No subgraph answered ${coordinate}`, path, isNull: true });
    } else if (value !== null && value !== GONE) {
      this.#find({ message: `The value of ${coordinate} is not of its type`, path, isNull: false });
    } else if (nonNull) {
      const message = `Cannot return null for non-nullable field ${coordinate}.`;
      this.#find({ message, path, isNull: true });
    }
    return nonNull;
  }

  /** An object of a type that nobody knows, or that may not stand here. */
  unknownType(): null {
    this.#find({ message: 'The type of an object is not known', path: [], isNull: false });
    return null;
  }

  /** Adds a key to what was found since there were `from` findings. */
  within(from: number, key: string | number): void {
    for (let index = from; index < this.count; index += 1) this.#findings[index]?.path.push(key);
  }

  /** What was found, without what an error of a subgraph explains already. */
  errors(reported: readonly GraphQLError[]): GraphQLError[] {
    if (this.count === 0) return [];
    const isExplained = explainedBy(reported);
    return this.#findings.flatMap(({ message, path, isNull }) => {
      const forward = path.toReversed();
      if (isNull && isExplained(forward)) return [];
      return [new GraphQLError(message, { path: forward })];
    });
  }

  #find(finding: Finding): void {
    if (this.count >= MOST_FINDINGS) return;
    this.count = this.#findings.push(finding);
  }
}

const MOST_FINDINGS = 1_000;

/** An error at a place explains a null there, further up where it bubbled, and all below. */
function explainedBy(
  reported: readonly GraphQLError[],
): (path: readonly (string | number)[]) => boolean {
  const exact = new Set<string>();
  const above = new Set<string>();
  for (const { path = [] } of reported) {
    if (path.length === 0) continue;
    exact.add(JSON.stringify(path));
    for (let length = 1; length < path.length; length += 1) {
      above.add(JSON.stringify(path.slice(0, length)));
    }
  }
  return (path) =>
    above.has(JSON.stringify(path)) ||
    path.some((_, index) => exact.has(JSON.stringify(path.slice(0, index + 1))));
}
