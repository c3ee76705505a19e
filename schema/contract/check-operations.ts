import { Supergraph, operationFromDocument } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { GraphQLError, buildSchema, validate } from 'graphql';
import type { ClientOperation } from './client-operations.ts';
import { outsideOfContract } from './tag-contract.ts';

/** Clients whose operations may use nothing but what is tagged for partners. */
export function isContractClient(client: string): boolean {
  return client.startsWith('partner-') || client === 'tracking';
}

/**
 * Everything that is wrong with operations: what the API schema refuses, what the query planner
 * cannot plan, and what a partner may not use. Empty when all is well; one line for each fault.
 */
export function checkOperations(
  supergraphSdl: string,
  operations: readonly ClientOperation[],
): string[] {
  const check = operationCheck(supergraphSdl);
  return operations.flatMap((operation) =>
    check(operation).map(
      ({ message, locations }) =>
        `${operation.client}/${operation.name}${where(locations?.[0])}: ${message}`,
    ),
  );
}

function operationCheck(
  supergraphSdl: string,
): (operation: ClientOperation) => readonly GraphQLError[] {
  // null: accept every feature, also the authorization directives that the gateway's copy lacks.
  const supergraph = Supergraph.build(supergraphSdl, { supportedFeatures: null });
  const apiSchema = supergraph.apiSchema();
  const schema = apiSchema.toGraphQLJSSchema();
  const annotated = buildSchema(supergraphSdl, { assumeValidSDL: true });
  const planner = new QueryPlanner(supergraph);
  return (operation) => {
    const invalid = validate(schema, operation.document);
    if (invalid.length > 0) return invalid;
    try {
      planner.buildQueryPlan(operationFromDocument(apiSchema, operation.document));
    } catch (error) {
      return [new GraphQLError(`cannot be planned: ${String(error)}`)];
    }
    if (!isContractClient(operation.client)) return [];
    return outsideOfContract(annotated, operation.document, 'partner');
  };
}

function where(location: { line: number; column: number } | undefined): string {
  return location === undefined ? '' : `:${location.line}:${location.column}`;
}
