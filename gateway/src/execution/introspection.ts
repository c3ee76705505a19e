import { Kind, executeSync } from 'graphql';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { toByteText } from '../byte-text.ts';
import type { AnswerNode } from './answer-node.ts';
import type { ClientSelection } from './client-selection.ts';

/** Answers what an operation asks about the schema itself, by graphql-js. */
export type Introspect = (root: AnswerNode, variables: Readonly<Record<string, unknown>>) => void;

/** Null when the operation asks nothing of the kind. */
export function introspection(
  root: ClientSelection,
  {
    schema,
    document,
    operation,
  }: { schema: GraphQLSchema; document: DocumentNode; operation: OperationDefinitionNode },
): Introspect | null {
  const fields = root.fields.filter(({ name }) => name === '__schema' || name === '__type');
  if (fields.length === 0) return null;
  const selections = fields.map(({ node }) => node);
  const asked = { ...operation, selectionSet: { ...operation.selectionSet, selections } };
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const own = { ...document, definitions: [asked, ...fragments] };
  return (node, variableValues) => {
    const { data } = executeSync({ schema, document: own, variableValues });
    for (const { key } of fields) {
      node[`$${key}`] = toByteText(JSON.stringify(data?.[key] ?? null));
    }
  };
}
