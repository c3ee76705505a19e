import type { ByteText } from '../byte-text.ts';
import { FAILED } from './answer-node.ts';
import type { AnswerNode } from './answer-node.ts';
import type { ClientPaths, Path } from './client-paths.ts';
import { commonPath, faultErrors, subgraphErrors } from './fetch-errors.ts';
import type { FetchPlan } from './fetch-plan.ts';
import type { Fill } from './fill.ts';
import { bodyOf, headOf } from './request-body.ts';
import type { Identify, Represent } from './representations.ts';
import type { Run } from './run.ts';
import type { ScanObject } from './scanner-code.ts';
import { readAnswer } from './subgraph-answer.ts';
import type { FetchedAnswer } from './subgraph-answer.ts';
import type { Visit } from './targets.ts';

/** Carries a part of a plan out. It never rejects: what goes wrong is an error of the run. */
export type Step = (run: Run) => Promise<void>;

/** The code that was generated for a fetch at one of its places. */
export type PlaceCode = Fill & {
  visit: Visit;
  represent: Represent | null;
  identify: Identify | null;
  scan: ScanObject | null;
};

/** What a fetch's step is made from. */
export type FetchStepParts = {
  plan: FetchPlan;
  codes: readonly PlaceCode[];
  paths: ClientPaths;
};

/** An object that is filled by a fetch. */
export type Target = { node: AnswerNode; code: PlaceCode };

/** A fetch of the fields themselves: of the root, or of the root again further down. */
export function rootFetchStep(parts: FetchStepParts): Step {
  const { plan, codes } = parts;
  const { node } = plan;
  const head = headOf(node.operation);
  const kind = node.operationKind === 'mutation' ? 'mutation' : 'query';
  return async (run) => {
    const targets = targetsIn(run, codes);
    if (targets.length === 0) return;
    const body = bodyOf(head, run.variables, node.variableUsages);
    const answer = await ask({ body, kind, entities: null }, parts, run);
    settleRoot(answer, targets, { ...parts, run });
  };
}

/** Puts the answer to a fetch of the root in its place. */
export function settleRoot(
  { objects, errors, fault }: FetchedAnswer,
  targets: readonly Target[],
  { plan, paths: clientPaths, run }: FetchStepParts & { run: Run },
): void {
  const [brought = null] = objects ?? [];
  for (const { node, code } of targets) {
    if (brought) code.fill(node, brought, targets.length > 1);
    else code.leave(node, FAILED);
  }
  const prefix = commonPath(plan.places[0]?.path ?? []);
  const { serviceName: subgraph } = plan.node;
  if (fault) {
    const paths = plan.rootKeys.map((key) => clientPaths.toClient([...prefix, key]));
    run.errors.push(...faultErrors(fault, { subgraph, paths }));
  }
  for (const error of errors) {
    const pathsOf = (path: Path) =>
      path.length > 0 ? [clientPaths.inAnswer([...prefix, ...path], run.root)] : [];
    run.errors.push(...subgraphErrors(error, { subgraph, pathsOf }));
  }
}

function targetsIn(run: Run, codes: readonly PlaceCode[]): Target[] {
  const targets: Target[] = [];
  for (const code of codes) code.visit(run, (node) => void targets.push({ node, code }));
  return targets;
}

/** Asks the subgraph; whatever is no usable answer becomes one without data, and its fault. */
export async function ask(
  request: { body: ByteText; kind: 'query' | 'mutation'; entities: number | null },
  { plan, codes }: FetchStepParts,
  run: Run,
): Promise<FetchedAnswer> {
  const { body, kind, entities } = request;
  const { serviceName: subgraph } = plan.node;
  const answer = await run.ask({ subgraph, kind, body });
  if (answer.kind === 'fault') return { objects: null, errors: [], fault: answer.fault };
  const scan = codes[0]?.scan ?? null;
  const read = readAnswer(answer.text, { selection: plan.selection, scan, entities });
  if (read) return read;
  run.onUnusable(subgraph, answer.text);
  return { objects: null, errors: [], fault: 'not an answer' };
}
