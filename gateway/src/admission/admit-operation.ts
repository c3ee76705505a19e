import { failure } from '@quantumroute/ops/failures';
import type { Identity } from '@quantumroute/ops/identity';
import { GraphQLError, Kind, getVariableValues } from 'graphql';
import type {
  DocumentNode,
  FragmentDefinitionNode,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import { authorizeOperation } from './authorization.ts';
import { estimateCost } from './cost.ts';
import { checkLimit, checkNesting } from './limits.ts';
import type { Limits } from './limits.ts';
import { readRequirements } from './requirements.ts';
import type { SelectionScope } from './selected-fields.ts';
import { shapeOf } from './variable-shape.ts';

/** Throws when the caller may not run the operation with these variables. */
export type AdmitOperation = (asked: {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  identity: Identity;
  variables: Readonly<Record<string, unknown>>;
}) => void;

/**
 * Checks rights and cost. Going through all fields takes as long as executing them; so what was
 * admitted is remembered for each operation, by the caller's rights and the shape of the variables.
 */
export function createAdmitOperation({
  schema,
  limits,
}: {
  schema: GraphQLSchema;
  limits: Limits;
}): AdmitOperation {
  const requirements = readRequirements(schema);
  const { cost: allowed, assumedListSize } = limits;
  const admitted = new WeakMap<OperationDefinitionNode, Set<string>>();
  return ({ document, operation, identity, variables: given }) => {
    checkNesting(given);
    const variables = coercedVariables(schema, operation, given);
    const known = admitted.get(operation) ?? new Set();
    const key = `${rightsOf(identity)}\n${shapeOf(variables)}`;
    if (known.has(key)) return;
    const fragments = fragmentsOf(document.definitions);
    const scope: SelectionScope = { schema, fragments, variables };
    const found = blamingInput(() => {
      authorizeOperation({ requirements, identity, operation, scope });
      return Math.ceil(estimateCost(operation, { scope, assumedListSize }));
    });
    checkLimit('cost', { found, allowed });
    if (key.length > LONGEST_KEY) return;
    if (known.size >= MOST_KEYS) known.clear();
    admitted.set(operation, known.add(key));
  };
}

const MOST_KEYS = 100;
const LONGEST_KEY = 1_000;

// An identity lives as long as its caller is remembered.
const rights = new WeakMap<Identity, string>();

function rightsOf(identity: Identity): string {
  const known = rights.get(identity);
  if (known !== undefined) return known;
  const text = JSON.stringify([identity.kind, [...new Set(identity.scopes)].sort()]);
  rights.set(identity, text);
  return text;
}

function fragmentsOf(
  definitions: readonly { kind: string }[],
): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = definitions.filter(
    (definition): definition is FragmentDefinitionNode =>
      definition.kind === Kind.FRAGMENT_DEFINITION,
  );
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

function coercedVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  // The first is all that is told, and a million of them would take minutes.
  const bounds = { maxErrors: 1 };
  const { coerced, errors } = getVariableValues(schema, variableDefinitions, variables, bounds);
  const [first] = errors ?? [];
  if (first) throw failure('BAD_USER_INPUT', first.message);
  return coerced ?? {};
}

/** What graphql-js finds wrong with an argument of a valid operation has come in by a variable. */
function blamingInput<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof GraphQLError) || error.extensions['code'] !== undefined) throw error;
    throw failure('BAD_USER_INPUT', error.message);
  }
}
