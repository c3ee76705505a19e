import type { GraphQLFormattedError } from 'graphql';
import { Kind, parse } from 'graphql';
import type { ErrorCode } from '@quantumroute/ops/failures';
import type { UpstreamFault } from './subgraph-client.ts';

/**
 * The errors that stand for a fetch without an answer: one for each root field of the fetch, or one
 * for the place whose entities were asked for. They name the subgraph and nothing else of it.
 */
export function faultErrors(
  fault: UpstreamFault,
  { subgraph, query, isEntityFetch }: { subgraph: string; query: string; isEntityFetch: boolean },
): GraphQLFormattedError[] {
  const error = {
    message: messageOf(fault, subgraph),
    extensions: { code: codeOf(fault), subgraph },
  };
  // The gateway puts the path of the entities in front.
  const paths = isEntityFetch ? [[]] : rootNames(query).map((name) => [name]);
  return paths.map((path) => ({ ...error, path }));
}

function codeOf(fault: UpstreamFault): ErrorCode {
  if (fault === 'timeout') return 'DEADLINE_EXCEEDED';
  if (fault === 'canceled') return 'REQUEST_CANCELED';
  return 'SUBGRAPH_UNAVAILABLE';
}

function messageOf(fault: UpstreamFault, subgraph: string): string {
  if (fault === 'timeout') return `The subgraph "${subgraph}" did not answer in time`;
  if (fault === 'canceled') return 'The request was given up';
  return `The subgraph "${subgraph}" gave no usable answer`;
}

function rootNames(query: string): string[] {
  const operation = parse(query, { noLocation: true }).definitions.find(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  return (operation?.selectionSet.selections ?? []).flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection.alias?.value ?? selection.name.value] : [],
  );
}
