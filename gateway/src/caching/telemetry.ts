import { Kind } from 'graphql';
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { isTagged } from '../supergraph/tag.ts';

/** Whether all that a mutation does is to take down what machines report. */
export type IsTelemetry = (mutation: OperationDefinitionNode) => boolean;

/**
 * Finds out by what the schema says: fields whose effects caches may contradict for as long as they
 * keep an answer carry `@tag(name: "telemetry")`.
 */
export function createIsTelemetry(schema: GraphQLSchema): IsTelemetry {
  const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
  const tagged = new Set(
    fields.filter(({ astNode }) => isTagged(schema, astNode, 'telemetry')).map(({ name }) => name),
  );
  return ({ selectionSet }) =>
    selectionSet.selections.every(
      (selection) => selection.kind === Kind.FIELD && tagged.has(selection.name.value),
    );
}
