import type { AnswerNode } from './answer-node.ts';
import type { ClientPaths, Path } from './client-paths.ts';
import { commonPath, faultErrors, subgraphErrors } from './fetch-errors.ts';
import type { FetchPlan } from './fetch-plan.ts';
import type { Fill } from './fill.ts';
import { bodyOf, headOf } from './request-body.ts';
import type { Represent } from './representations.ts';
import type { Run } from './run.ts';
import { MOST_ERRORS_OF_A_FETCH, readAnswer } from './subgraph-answer.ts';
import type { FetchedAnswer } from './subgraph-answer.ts';
import type { Place } from './targets.ts';

/** Carries a part of a plan out. It never rejects: what goes wrong is an error of the run. */
export type Step = (run: Run) => Promise<void>;

/** The code that was generated for a fetch at one of its places. */
export type PlaceCode = Fill & { represent: Represent | null };

/** What a fetch's step is made from. */
export type FetchStepParts = {
  plan: FetchPlan;
  codes: readonly PlaceCode[];
  toClient: ClientPaths;
};
type Target = { node: AnswerNode; code: PlaceCode };

/** A fetch of the fields themselves: of the root, or of the root again further down. */
export function rootFetchStep(parts: FetchStepParts): Step {
  const { plan, codes } = parts;
  const { node, places } = plan;
  const head = headOf(node.operation);
  const kind = node.operationKind === 'mutation' ? 'mutation' : 'query';
  return async (run) => {
    const targets = targetsIn(run.root, { places, codes });
    if (targets.length === 0) return;
    const body = bodyOf(head, run.variables, node.variableUsages);
    const answer = await ask({ body, kind, entities: null, places }, parts, run);
    settleRoot(answer, targets, { ...parts, run });
  };
}

/** Puts the answer to a fetch of the root in its place. */
export function settleRoot(
  { objects, errors }: FetchedAnswer,
  targets: readonly Target[],
  { plan, toClient, run }: FetchStepParts & { run: Run },
): void {
  const [brought = null] = objects ?? [];
  for (const { node, code } of targets) {
    if (brought) code.fill(node, brought, targets.length > 1);
    else code.leave(node, false);
  }
  const prefix = commonPath(plan.places[0]?.path ?? []);
  const { serviceName: subgraph } = plan.node;
  for (const error of errors) {
    const pathsOf = (path: Path) => (path.length > 0 ? [toClient([...prefix, ...path])] : []);
    run.errors.push(...subgraphErrors(error, { subgraph, pathsOf }));
  }
}

/** A fetch of entities, each asked for once however many places refer to it. */
export function entityFetchStep(parts: FetchStepParts): Step {
  const { plan, codes } = parts;
  const { node, places } = plan;
  const head = headOf(node.operation);
  return async (run) => {
    const found = represented(run.root, { places, codes });
    const { representations } = found;
    if (representations.length === 0) return;
    const variables = bodyOf(head, run.variables, node.variableUsages, 'representations');
    const starts = representations.flatMap((_, index) => (index % MOST_ENTITIES ? [] : [index]));
    await Promise.all(
      starts.map(async (start) => {
        const portion = representations.slice(start, start + MOST_ENTITIES);
        const body = `${variables}[${portion.join(',')}]}}`;
        const request = { body, kind: 'query', entities: portion.length } as const;
        const answer = await ask({ ...request, places: found.places }, parts, run);
        settleEntities(answer, { ...parts, found, start, count: portion.length, run });
      }),
    );
  };
}

// The bound of the subgraphs, above which they refuse.
const MOST_ENTITIES = 1_000;

type Found = {
  /** The places that have such entities now. */
  places: Place[];
  representations: string[];
  targets: Target[];
  /** For each target the number of its representation. */
  numbers: number[];
  /** For each representation how many share it. */
  shares: number[];
};

function represented(
  root: AnswerNode,
  { places, codes }: { places: readonly Place[]; codes: readonly PlaceCode[] },
): Found {
  const found: Found = { places: [], representations: [], targets: [], numbers: [], shares: [] };
  const known = new Map<string, number>();
  for (const [index, place] of places.entries()) {
    const code = codes[index];
    if (!code?.represent) continue;
    const { represent } = code;
    let isUsed = false;
    place.visit(root, (node) => {
      const text = represent(node);
      if (text === false) code.leave(node, false);
      if (typeof text === 'string') isUsed = true;
      addTarget({ node, code }, text || null, { found, known });
    });
    if (isUsed) found.places.push(place);
  }
  return found;
}

function addTarget(
  target: Target,
  text: string | null,
  { found, known }: { found: Found; known: Map<string, number> },
): void {
  found.targets.push(target);
  if (text === null) return void found.numbers.push(-1);
  let number = known.get(text);
  if (number === undefined) {
    number = found.representations.push(text) - 1;
    known.set(text, number);
    found.shares.push(0);
  }
  found.shares[number] = (found.shares[number] ?? 0) + 1;
  found.numbers.push(number);
}

function settleEntities(
  { objects, errors }: FetchedAnswer,
  at: FetchStepParts & { found: Found; start: number; count: number; run: Run },
): void {
  const { found, start, count, plan, toClient, run } = at;
  const failed = new Set(errors.flatMap(({ path }) => (isEntityPath(path) ? [path[1]] : [])));
  for (const [index, { node, code }] of found.targets.entries()) {
    const number = (found.numbers[index] ?? -1) - start;
    if (number < 0 || number >= count) continue;
    const brought = objects?.[number] ?? null;
    if (brought) code.fill(node, brought, (found.shares[number + start] ?? 0) > 1);
    else code.leave(node, objects === null || failed.has(number) ? false : null);
  }
  if (errors.length === 0) return;
  const paths = plan.places.flatMap((place) => place.pathsIn(run.root));
  const users = Map.groupBy(paths.keys(), (index) => found.numbers[index]);
  const { serviceName: subgraph } = plan.node;
  const places = found.places.map(({ path }) => toClient(commonPath(path)));
  const pathsOf = (path: Path): Path[] => {
    if (!isEntityPath(path)) return places;
    const [, number, ...rest] = path;
    const at = users.get(number + start) ?? [];
    return at.map((user) => toClient([...(paths[user] ?? []), ...rest]));
  };
  const all = errors.flatMap((error) => subgraphErrors(error, { subgraph, pathsOf }));
  run.errors.push(...all.slice(0, MOST_ERRORS_OF_A_FETCH));
}

function isEntityPath(path: Path | undefined): path is [string, number, ...Path] {
  return path?.[0] === '_entities' && typeof path[1] === 'number';
}

function targetsIn(
  root: AnswerNode,
  { places, codes }: { places: readonly Place[]; codes: readonly PlaceCode[] },
): Target[] {
  const targets: Target[] = [];
  for (const [index, place] of places.entries()) {
    const code = codes[index];
    if (code) place.visit(root, (node) => void targets.push({ node, code }));
  }
  return targets;
}

/** Asks the subgraph; whatever is no usable answer becomes one without data, with errors. */
async function ask(
  request: {
    body: string;
    kind: 'query' | 'mutation';
    entities: number | null;
    /** Where something will be missing without an answer. */
    places: readonly Place[];
  },
  { plan, toClient }: FetchStepParts,
  run: Run,
): Promise<FetchedAnswer> {
  const { body, kind, entities, places } = request;
  const { serviceName: subgraph } = plan.node;
  const answer = await run.ask({ subgraph, kind, body });
  if (answer.kind === 'text') {
    const read = readAnswer(answer.text, { selection: plan.selection, entities });
    if (read) return read;
    run.onUnusable(subgraph, answer.text);
  }
  const paths = plan.isEntityFetch
    ? places.map(({ path }) => commonPath(path))
    : plan.rootKeys.map((key) => [...commonPath(places[0]?.path ?? []), key]);
  const fault = answer.kind === 'fault' ? answer.fault : 'not an answer';
  run.errors.push(...faultErrors(fault, { subgraph, paths: paths.map(toClient) }));
  return { objects: null, errors: [] };
}
