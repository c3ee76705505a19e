import type { Fixture } from '../fixture/fixture.ts';
import { SIZES } from '../fixture/fixture.ts';
import type { Side } from '../fixture/side.ts';

/** How an operation is run: once with few items and once with many. */
export type BudgetCase = {
  operation: string;
  /** Path into the answer to what proves the work: a list or a number of items, or any value. */
  proof: string;
  few: Run;
  many: Run;
};

/** One run, as a caller of the demo; null is nobody. */
export type Run = {
  caller: Caller | null;
  variables: Readonly<Record<string, unknown>>;
  /** The length of the list, or the number; null where the work is about a single thing. */
  items: number | null;
};

/** The id of a demo credential. */
export type Caller = 'dispatcher' | 'analyst' | 'driver' | 'secondDriver' | 'partner-harbor';

type Variables = Run['variables'];

/** A page of ten, and a page of two hundred, of the same list. */
export function pages(
  caller: Caller,
  { operation, proof, ...variables }: Variables & { operation: string; proof: string },
): BudgetCase {
  const run = (first: number): Run => ({
    caller,
    variables: { ...variables, first },
    items: first,
  });
  return { operation, proof, few: run(SIZES.small), many: run(SIZES.large) };
}

/** The same about the small and the large depot; `most` is what the operation's own page ends at. */
export function sides(
  { small, large }: Fixture,
  {
    caller,
    operation,
    proof,
    most = Infinity,
    variables,
  }: {
    /** One for both, null for nobody, or the one who is at home in each. */
    caller: Caller | readonly [small: Caller, large: Caller] | null;
    operation: string;
    proof: string;
    /** Null when it is about a single thing of the depot. */
    most?: number | null;
    variables: (side: Side) => Variables;
  },
): BudgetCase {
  const [callerOfSmall, callerOfLarge] =
    caller === null || typeof caller === 'string' ? [caller, caller] : caller;
  const run = (side: Side, who: Caller | null): Run => ({
    caller: who,
    variables: variables(side),
    items: most === null ? null : Math.min(side.depot.size, most),
  });
  return { operation, proof, few: run(small, callerOfSmall), many: run(large, callerOfLarge) };
}

/** An operation whose work has no list, run with two sets of variables. */
export function twice(
  caller: Caller,
  { operation, proof }: { operation: string; proof: string },
  [first, second]: readonly [Variables, Variables],
): BudgetCase {
  const run = (variables: Variables): Run => ({ caller, variables, items: null });
  return { operation, proof, few: run(first), many: run(second) };
}
