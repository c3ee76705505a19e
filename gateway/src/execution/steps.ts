import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { failure } from '@quantumroute/ops/failures';
import type { ClientPaths } from './client-paths.ts';
import { entityFetchStep } from './entity-step.ts';
import { rootFetchStep, settleRoot } from './fetch-step.ts';
import type { FetchStepParts, PlaceCode, Step } from './fetch-step.ts';
import { planFetch, withoutEqualFetches } from './fetch-plan.ts';
import type { FetchPlan } from './fetch-plan.ts';
import { generateFill } from './fill.ts';
import type { GeneratedCode } from './generated-code.ts';
import { generateRepresent } from './representations.ts';
import { generateScanner } from './scanner-code.ts';
import type { Schemas } from './schemas.ts';
import type { SlotSpace } from './slots.ts';
import { readResult } from './subgraph-answer.ts';
import { placeAt } from './targets.ts';

/** A plan whose fetches are understood, before code is generated for them. */
export type StepPlan =
  | { kind: 'sequence' | 'parallel'; steps: readonly StepPlan[] }
  | FetchStepPlan;

type FetchStepPlan = { kind: 'fetch' | 'event'; fetch: FetchPlan };

/**
 * Reads a plan. This is a stage of its own, since code for one fetch depends on what all the others
 * bring. Equal fetches of a parallel step become one.
 */
export function planSteps(
  { node }: QueryPlan,
  { schemas, root }: { schemas: Schemas; root: SlotSpace },
): StepPlan {
  let fetches = 0;
  const fetchAt = (fetch: FetchNode, path: readonly (string | number)[]): FetchPlan =>
    planFetch(fetch, {
      place: placeAt(path, root),
      schemas,
      fetch: (fetches += 1),
    });
  const read = (part: PlanNode | undefined, path: readonly (string | number)[]): StepPlan => {
    switch (part?.kind) {
      case undefined:
        return { kind: 'sequence', steps: [] };
      case 'Fetch':
        return { kind: 'fetch', fetch: fetchAt(part, path) };
      case 'Flatten':
        return read(part.node, [...path, ...part.path]);
      case 'Sequence':
        return { kind: 'sequence', steps: part.nodes.map((child) => read(child, path)) };
      case 'Parallel':
        return { kind: 'parallel', steps: together(part.nodes.map((child) => read(child, path))) };
      case 'Condition':
        throw new Error('Conditions are decided before an operation is planned');
      case 'Defer':
        throw failure('GRAPHQL_VALIDATION_FAILED', '@defer is not possible here');
    }
  };
  if (node?.kind !== 'Subscription') return read(node, []);
  const primary: StepPlan = { kind: 'event', fetch: fetchAt(node.primary, []) };
  return { kind: 'sequence', steps: [primary, read(node.rest, [])] };
}

function together(steps: readonly StepPlan[]): StepPlan[] {
  const fetches = steps.flatMap((step) => (step.kind === 'fetch' ? [step.fetch] : []));
  const others = steps.filter(({ kind }) => kind !== 'fetch');
  const merged = withoutEqualFetches(fetches).map((fetch) => ({ kind: 'fetch' as const, fetch }));
  return [...merged, ...others];
}

type StepParts = {
  schemas: Schemas;
  code: GeneratedCode;
  /** Grows by an expression for each place of each fetch. */
  codes: string[];
  paths: ClientPaths;
};

/** Generates the code of all fetches. Gives what makes the step once that code was compiled. */
export function generateSteps(
  plan: StepPlan,
  parts: StepParts,
): (compiled: readonly PlaceCode[]) => Step {
  if ('fetch' in plan) return generateFetch(plan, parts);
  const steps = plan.steps.map((step) => generateSteps(step, parts));
  const combine = plan.kind === 'sequence' ? inSequence : inParallel;
  return (compiled) => {
    const ready = steps.map((step) => step(compiled));
    const [only] = ready;
    return only && ready.length === 1 ? only : combine(ready);
  };
}

function generateFetch(
  { kind, fetch }: FetchStepPlan,
  { schemas, code, codes, paths }: StepParts,
): (compiled: readonly PlaceCode[]) => Step {
  const { node, places, selection } = fetch;
  const first = codes.length;
  const scan = kind === 'event' ? null : generateScanner(selection, { schemas, code });
  for (const place of places) {
    const { space } = place;
    const { represent, identify } = node.requires
      ? generateRepresent({
          subgraph: node.serviceName,
          requires: node.requires,
          rewrites: node.inputRewrites ?? [],
          schemas,
          code,
          space,
        })
      : { represent: 'null', identify: 'null' };
    const fill = generateFill(selection, { space, schemas, code });
    const visit = place.generateVisit(code);
    codes.push(
      `{ ...${fill}, visit: ${visit}, represent: ${represent}, identify: ${identify}, scan: ${scan} }`,
    );
  }
  return (compiled) => {
    const own = compiled.slice(first, first + places.length);
    if (kind === 'event') return eventStep({ plan: fetch, codes: own, paths });
    const make = fetch.isEntityFetch ? entityFetchStep : rootFetchStep;
    return make({ plan: fetch, codes: own, paths });
  };
}

/** The first fetch of a subscription: its answer is the event, which has come already. */
function eventStep(parts: FetchStepParts): Step {
  const { plan, codes } = parts;
  const [code] = codes;
  return async (run) => {
    const answer = readResult(run.event, {
      selection: plan.selection,
      entities: null,
    });
    const targets = code ? [{ node: run.root, code }] : [];
    settleRoot(answer ?? { objects: null, errors: [] }, targets, { ...parts, run });
  };
}

function inSequence(steps: readonly Step[]): Step {
  return async (run) => {
    for (const step of steps) await step(run);
  };
}

function inParallel(steps: readonly Step[]): Step {
  return async (run) => {
    await Promise.all(steps.map((step) => step(run)));
  };
}
