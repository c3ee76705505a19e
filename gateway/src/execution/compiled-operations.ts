import { failure } from '@quantumroute/ops/failures';
import { inSpan } from '@quantumroute/ops/tracing';
import { Kind, getOperationAST } from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { compileOperation } from './compile.ts';
import type { CompiledOperation } from './compile.ts';
import { conditionVariables, conditionsFrom } from './conditions.ts';
import type { ConditionVariable, Conditions } from './conditions.ts';
import { internalNames } from './internal-names.ts';
import type { Planner } from './planner.ts';

/** An operation of a document, which the hash identifies. */
export type IdentifiedOperation = {
  document: DocumentNode;
  operationName: string | null;
  queryHash: string;
};

/** An operation that was compiled, and variables that decide on the same case of its conditions. */
export type RecentOperation = {
  of: IdentifiedOperation;
  variables: Readonly<Record<string, boolean>>;
};

/** Operations that were compiled, the last ones used: each for the cases of its conditions. */
export type CompiledOperations = {
  /** The definition of an operation; throws when the document has none of that name. */
  definitionOf(of: IdentifiedOperation): OperationDefinitionNode;
  /** Throws for variables that cannot decide, and for an operation that cannot be planned. */
  compiled(
    of: IdentifiedOperation,
    variables: Readonly<Record<string, unknown>>,
  ): CompiledOperation;
  /** Compiles a document's operations, once with all conditions true and once with all false. */
  prepare(document: DocumentNode, queryHash: string): void;
  /** The last used last. */
  recent(): RecentOperation[];
};

/** What is kept at most, beside the number of operations: characters of the code made for them. */
const MOST_CHARACTERS = 20_000_000;

/** Nothing compiled yet. */
export function createCompiledOperations(
  planner: Planner,
  { maxOperations }: { maxOperations: number },
): CompiledOperations {
  const namesOfOperation = internalNames(planner.schemas.supergraph);
  const known = new LRUCache<string, KnownOperation>({ max: maxOperations });
  const ready = new LRUCache<string, { made: CompiledOperation; as: RecentOperation }>({
    max: maxOperations,
    maxSize: MOST_CHARACTERS,
    sizeCalculation: ({ made }) => made.characters + 1,
  });
  const knownOf = ({ document, operationName, queryHash }: IdentifiedOperation) => {
    const key = JSON.stringify([queryHash, operationName]);
    const found = known.get(key);
    if (found) return found;
    const operation = getOperationAST(document, operationName);
    if (!operation) throw failure('OPERATION_RESOLUTION_FAILURE', 'There is no such operation');
    const decisive = conditionVariables(document, operation);
    const identified = { document, operationName, queryHash };
    const made = { key, identified, operation, decisive };
    known.set(key, made);
    return made;
  };
  const compile = (of: KnownOperation, conditions: Conditions): CompiledOperation => {
    const { key, identified, operation } = of;
    const { document } = identified;
    const decided = conditions.size > 0 ? `${key} ${JSON.stringify([...conditions])}` : key;
    const found = ready.get(decided);
    if (found) return found.made;
    const names = namesOfOperation();
    const made = inSpan('plan', () =>
      compileOperation({ document, operation, conditions, planner, names }),
    );
    const variables = Object.fromEntries(conditions);
    ready.set(decided, { made, as: { of: identified, variables } });
    return made;
  };
  return {
    definitionOf: (of) => knownOf(of).operation,
    compiled(of, variables) {
      const operation = knownOf(of);
      return compile(operation, conditionsFrom(operation.decisive, variables));
    },
    prepare(document, queryHash) {
      for (const definition of document.definitions) {
        if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
        const operationName = definition.name?.value ?? null;
        const operation = knownOf({ document, operationName, queryHash });
        for (const value of [true, false]) {
          compile(operation, new Map(operation.decisive.map(({ name }) => [name, value])));
        }
      }
    },
    recent: () => [...ready.rvalues()].flatMap((each) => each?.as ?? []),
  };
}

type KnownOperation = {
  key: string;
  identified: IdentifiedOperation;
  operation: OperationDefinitionNode;
  decisive: readonly ConditionVariable[];
};
