import type { ByteText } from '../byte-text.ts';
import { FAILED, GONE } from './answer-node.ts';
import type { AnswerNode } from './answer-node.ts';
import type { Path } from './client-paths.ts';
import { commonPath, faultErrors, subgraphErrors } from './fetch-errors.ts';
import { ask } from './fetch-step.ts';
import type { FetchStepParts, PlaceCode, Step, Target } from './fetch-step.ts';
import { bodyOf, headOf } from './request-body.ts';
import type { EntityAnswer, Run } from './run.ts';
import { MOST_ERRORS_OF_A_FETCH } from './subgraph-answer.ts';
import type { FetchedAnswer } from './subgraph-answer.ts';
import type { Place } from './targets.ts';

/**
 * A fetch of entities. Each is asked for once in an operation, however many places refer to it and
 * however many steps ask the same of it: the others share the answer that is there or on its way.
 */
export function entityFetchStep(parts: FetchStepParts): Step {
  const head = headOf(parts.plan.node.operation);
  return async (run) => {
    const wanted = entitiesWanted(parts, run);
    if (wanted.length === 0) return;
    const own = askForNew(wanted, { ...parts, head, run });
    const answers = Map.groupBy(wanted, ({ answer }) => answer?.whole);
    await Promise.all(
      [...answers].map(async ([whole, entities]) => {
        if (whole) settle(await whole, entities, { ...parts, run, isOwn: own.has(whole) });
      }),
    );
  };
}

/** An entity that objects of the answer refer to. */
type Wanted = {
  key: string;
  /** One of these objects, with the code for it. */
  node: AnswerNode;
  code: PlaceCode;
  targets: (Target & { place: Place })[];
  /** Where it is told of; null until it is asked for. */
  answer: EntityAnswer | null;
};

function entitiesWanted({ plan, codes }: FetchStepParts, run: Run): Wanted[] {
  const wanted = new Map<string, Wanted>();
  const known = run.entities?.get(plan.identity);
  for (const [index, place] of plan.places.entries()) {
    const code = codes[index];
    if (!code?.represent) continue;
    const { identify, represent } = code;
    code.visit(run, (node) => {
      const key = identify?.(node) ?? represent(node);
      if (key === FAILED || key === GONE) code.leave(node, key);
      if (typeof key !== 'string') return;
      let entity = wanted.get(key);
      if (!entity) {
        const answer = known?.get(key) ?? null;
        entity = { key, node, code, targets: [], answer };
        wanted.set(key, entity);
      }
      entity.targets.push({ node, code, place });
    });
  }
  return [...wanted.values()];
}

// The bound of the subgraphs, above which they refuse.
const MOST_ENTITIES = 1_000;

type Asking = FetchStepParts & { head: ByteText; run: Run };

/** Asks for the entities that nobody has asked for, in portions. Gives the answers to come. */
function askForNew(wanted: readonly Wanted[], at: Asking): ReadonlySet<EntityAnswer['whole']> {
  const { plan, head, run } = at;
  const asked = new Set<EntityAnswer['whole']>();
  const fresh = wanted.filter(({ answer }) => answer === null);
  if (fresh.length === 0) return asked;
  const known = run.entities?.get(plan.identity) ?? new Map<string, EntityAnswer>();
  run.entities?.set(plan.identity, known);
  const start = bodyOf(head, run.variables, plan.node.variableUsages, 'representations');
  for (let from = 0; from < fresh.length; from += MOST_ENTITIES) {
    const portion = fresh.slice(from, from + MOST_ENTITIES);
    const texts = portion.map(({ node, code }) => code.represent?.(node));
    const body = `${start}[${texts.join(',')}]}}` as ByteText;
    const whole = ask({ body, kind: 'query', entities: portion.length }, at, run);
    asked.add(whole);
    for (const [index, entity] of portion.entries()) {
      entity.answer = { whole, index };
      known.set(entity.key, entity.answer);
    }
  }
  return asked;
}

type Settling = FetchStepParts & {
  run: Run;
  /** Whether this step has asked; else another has, and tells what is none of this one's. */
  isOwn: boolean;
};

/** Fills the objects that refer to entities of one answer. */
function settle(answer: FetchedAnswer, entities: readonly Wanted[], at: Settling): void {
  const { objects, errors, fault } = answer;
  const { plan, run } = at;
  const failed = new Set(errors.flatMap(({ path }) => (isEntityPath(path) ? [path[1]] : [])));
  for (const { targets, answer: part } of entities) {
    const index = part?.index ?? -1;
    const brought = objects?.[index] ?? null;
    for (const { node, code } of targets) {
      if (brought) code.fill(node, brought, run.entities !== null || targets.length > 1);
      else code.leave(node, objects === null || failed.has(index) ? FAILED : GONE);
    }
  }
  if (!fault && errors.length === 0) return;
  const found = findEntities(entities, run);
  const common = commonPaths(found, at);
  const { serviceName: subgraph } = plan.node;
  if (fault) run.errors.push(...faultErrors(fault, { subgraph, paths: common }));
  const pathsOf = pathsOfEntities(entities, { ...at, found, objects, common });
  const all = errors.flatMap((error) => subgraphErrors(error, { subgraph, pathsOf }));
  run.errors.push(...all.slice(0, MOST_ERRORS_OF_A_FETCH));
}

/** The objects of a place that refer to entities, with their paths. */
type Found = ReadonlyMap<Place, [AnswerNode, Path][]>;

function findEntities(entities: readonly Wanted[], { root }: Run): Found {
  const targets = entities.flatMap((entity) => entity.targets);
  const nodes = new Set(targets.map(({ node }) => node));
  const places = new Set(targets.map(({ place }) => place));
  return new Map(
    [...places].map((place) => [place, place.pathsIn(root).filter(([node]) => nodes.has(node))]),
  );
}

/** Where a whole fetch is missed: not at a place where it was asked for objects of other types. */
function commonPaths(found: Found, { plan, paths: clientPaths, run }: Settling): Path[] {
  const isMissed = ([, path]: [AnswerNode, Path]): boolean =>
    plan.rootKeys.some((key) => clientPaths.inAnswer([...path, key], run.root) !== null);
  return [...found].flatMap(([{ path }, paths]) =>
    paths.some(isMissed) ? [clientPaths.toClient(commonPath(path))] : [],
  );
}

/** An error of an entity is told at every place that refers to it. */
function pathsOfEntities(
  entities: readonly Wanted[],
  {
    plan,
    found,
    objects,
    common,
    paths: clientPaths,
    run,
    isOwn,
  }: Settling & { found: Found; objects: FetchedAnswer['objects']; common: readonly Path[] },
): (path: Path) => readonly (Path | null)[] {
  const pathsOfNodes = Map.groupBy([...found.values()].flat(), ([node]) => node);
  const byIndex = new Map(entities.map((entity) => [entity.answer?.index, entity.targets]));
  return (path) => {
    if (!isEntityPath(path)) return common.length > 0 ? common : [null];
    const [, index, ...rest] = path;
    const targets = byIndex.get(index);
    if (!targets) return isOwn ? [] : [null];
    const at = targets.flatMap(({ node }) => pathsOfNodes.get(node) ?? []);
    return at.flatMap(([, to]) => {
      const own = clientPaths.inAnswer([...to, ...rest], run.root);
      if (own !== null || objects?.[index]) return [own];
      // What is asked of objects of another type failed, and took all of this one along.
      return plan.rootKeys.map((key) => clientPaths.inAnswer([...to, key], run.root));
    });
  };
}

function isEntityPath(path: Path | undefined): path is [string, number, ...Path] {
  return path?.[0] === '_entities' && typeof path[1] === 'number';
}
