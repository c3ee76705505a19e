import type { QueryPlan } from '@apollo/query-planner';
import { isObjectType } from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { clientPaths } from './client-paths.ts';
import { clientSelections } from './client-selection.ts';
import type { Conditions } from './conditions.ts';
import type { PlaceCode, Step } from './fetch-step.ts';
import { createGeneratedCode } from './generated-code.ts';
import type { InternalNames } from './internal-names.ts';
import { introspection } from './introspection.ts';
import type { Introspect } from './introspection.ts';
import { plannedDocument } from './planned-document.ts';
import type { Planner } from './planner.ts';
import { slotSpace } from './slots.ts';
import { generateSteps, planSteps } from './steps.ts';
import { generateWriter } from './writer.ts';
import type { Writer } from './writer.ts';

/** An operation that is ready to run, any number of times at once. */
export type CompiledOperation = {
  plan: QueryPlan;
  run: Step;
  introspect: Introspect | null;
  write: Writer;
  /** Variables of the plan that are not called so by the client, and what he calls them. */
  isMutation: boolean;
  renamedVariables: ReadonlyMap<string, string>;
  /** How much code was generated. */
  characters: number;
};

type Compiled = { places: PlaceCode[]; write: Writer };

/** What is compiled: an operation, for one case of the variables that decide on selections. */
export type Compilation = {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  conditions: Conditions;
  planner: Planner;
  names: InternalNames;
};

/**
 * Operation in, code out. The client's selections are understood and planned, then the fetches of
 * the plan are understood; then code is generated for what happens for each object of an answer.
 */
export function compileOperation(compilation: Compilation): CompiledOperation {
  const { document, operation, conditions, planner, names } = compilation;
  const { schemas } = planner;
  const { api } = schemas;
  const rootType = api.getRootType(operation.operation);
  if (!isObjectType(rootType)) throw new Error('The schema has no such root');
  const { selectionSet } = operation;
  const of = { schema: api, document, selectionSet, rootType, conditions, names };
  const selections = clientSelections(of);
  const planned = plannedDocument({ operation, selections, schema: api });
  const plan = planned ? planner.plan(planned.document) : NOTHING_TO_FETCH;
  const steps = planSteps(plan, { schemas, root: slotSpace() });
  const code = createGeneratedCode();
  const codes: string[] = [];
  const paths = clientPaths(selections, api);
  const makeStep = generateSteps(steps, { schemas, code, codes, paths });
  const writer = generateWriter({ schema: api, selections, code });
  const compiled = code.compile(`{ places: [${codes.join(',\n')}], write: ${writer} }`) as Compiled;
  return {
    plan,
    run: makeStep(compiled.places),
    introspect: introspection(selections.root, { schema: api, document, operation }),
    write: compiled.write,
    isMutation: operation.operation === 'mutation',
    renamedVariables: planned?.renamedVariables ?? new Map(),
    characters: code.characters,
  };
}

const NOTHING_TO_FETCH: QueryPlan = { kind: 'QueryPlan' };
