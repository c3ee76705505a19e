import { failure } from '@quantumroute/ops/failures';
import type { Identity } from '@quantumroute/ops/identity';
import { getNamedType } from 'graphql';
import type { GraphQLError, GraphQLNamedType, OperationDefinitionNode } from 'graphql';
import { isMet } from './requirements.ts';
import type { Requirement, Requirements } from './requirements.ts';
import { selectedFields } from './selected-fields.ts';
import type { SelectionScope } from './selected-fields.ts';

/**
 * Throws UNAUTHENTICATED or FORBIDDEN for the first selected field that the caller may not read.
 * The operation is refused as a whole, before any subgraph is called.
 */
export function authorizeOperation({
  requirements,
  identity,
  operation,
  scope,
}: {
  requirements: Requirements;
  identity: Identity;
  operation: OperationDefinitionNode;
  scope: SelectionScope;
}): void {
  const granted = new Set(identity.scopes);
  const visit = (
    parentType: GraphQLNamedType,
    selectionSet: OperationDefinitionNode['selectionSet'],
    path: readonly string[],
  ): void => {
    for (const selected of selectedFields(scope, parentType, selectionSet)) {
      const { field, node, responseName } = selected;
      const coordinate = `${selected.parentType.name}.${field.name}`;
      const fieldPath = [...path, responseName];
      const unmet = unmetRequirement(requirements.get(coordinate), identity, granted);
      if (unmet) throw refusal(unmet, identity, { coordinate, path: fieldPath });
      if (node.selectionSet) visit(getNamedType(field.type), node.selectionSet, fieldPath);
    }
  };
  const rootType = scope.schema.getRootType(operation.operation);
  if (rootType) visit(rootType, operation.selectionSet, []);
}

function unmetRequirement(
  requirements: readonly Requirement[] | undefined,
  identity: Identity,
  granted: ReadonlySet<string>,
): Requirement | undefined {
  if (!requirements) return undefined;
  if (identity.kind === 'anonymous') return requirements[0];
  return requirements.find((requirement) => !isMet(requirement, granted));
}

function refusal(
  { scopes }: Requirement,
  { kind }: Identity,
  { coordinate, path }: { coordinate: string; path: readonly string[] },
): GraphQLError {
  if (kind === 'anonymous') {
    const message = `${coordinate} needs a token or an API key`;
    return failure('UNAUTHENTICATED', message, { path, coordinate });
  }
  const needed = scopes.map((together) => together.join(' and ')).join(', or ');
  return failure('FORBIDDEN', `${coordinate} needs the scope ${needed}`, { path, coordinate });
}
