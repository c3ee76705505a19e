import { userError } from '@quantumroute/ops/user-errors';
import type { UserError } from '@quantumroute/ops/user-errors';

import type { ObjectiveInput, PlanOptimizeInput } from '../resolvers/schema-types.ts';

const MAX_SECONDS = 120;
const MAX_ITERATIONS = 100_000_000;
const MAX_WEIGHT = 1_000_000;
const MAX_LOCKED_ROUTES = 200;

type Defaulted =
  | 'timeLimitSeconds'
  | 'seed'
  | 'mode'
  | 'stability'
  | 'objectives'
  | 'lockedRouteIds'
  | 'validateOnly';

/** The schema has defaults for what its generated type calls optional. */
export type RunInput = PlanOptimizeInput & Required<Pick<PlanOptimizeInput, Defaulted>>;

/** The defaults, as the schema has them. */
export const RUN_DEFAULTS = {
  timeLimitSeconds: 30,
  seed: 1,
  mode: 'FULL',
  stability: 0.5,
  objectives: [],
  lockedRouteIds: [],
  validateOnly: false,
} satisfies Pick<RunInput, Defaulted>;

/** What is wrong with the values alone, whatever the data is. */
export function flawsOfRunInput(input: RunInput): UserError[] {
  const { timeLimitSeconds, iterationLimit, stability, lockedRouteIds } = input;
  return [
    ...outside('timeLimitSeconds', timeLimitSeconds, [1, MAX_SECONDS]),
    ...(iterationLimit == null
      ? []
      : outside('iterationLimit', iterationLimit, [1, MAX_ITERATIONS])),
    ...outside('stability', stability, [0, 1]),
    ...outside('lockedRouteIds', lockedRouteIds.length, [0, MAX_LOCKED_ROUTES]),
    ...flawsOfObjectives(input.objectives),
    ...flawsOfRepetition(lockedRouteIds, ['lockedRouteIds'], 'This route is listed twice'),
  ];
}

function flawsOfObjectives(objectives: readonly ObjectiveInput[]): UserError[] {
  if (objectives.length === 0) return [];
  const kinds = objectives.map(({ kind }) => kind);
  const weights = objectives.map(({ weight = 1 }) => weight);
  const wrong = weights.flatMap((weight, index) =>
    outside(`objectives.${index}.weight`, weight, [0, MAX_WEIGHT]),
  );
  const nothing = weights.every((weight) => weight === 0)
    ? [invalid('objectives', 'At least one objective needs a weight above 0')]
    : [];
  return [
    ...wrong,
    ...nothing,
    ...flawsOfRepetition(kinds, ['objectives', 'kind'], 'This objective is listed twice'),
  ];
}

/** `path` leads to the list, and from its elements on. */
function flawsOfRepetition(
  values: readonly string[],
  [list, ...rest]: readonly [string, ...string[]],
  message: string,
): UserError[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) < index ? [invalid([list, index, ...rest].join('.'), message)] : [],
  );
}

function outside(
  path: string,
  value: number,
  [least, most]: readonly [number, number],
): UserError[] {
  // Not the other way round: NaN is neither below nor above.
  if (value >= least && value <= most) return [];
  return [invalid(path, `${path.split('.').at(-1)} needs ${least} to ${most}, got ${value}`)];
}

function invalid(path: string, message: string): UserError {
  return userError.invalid(['input', ...path.split('.')], message);
}
