import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import { faultError } from '../upstream/faults.ts';
import type { UpstreamFault } from '../upstream/upstream-error.ts';
import type { Path } from './client-paths.ts';

/** The errors of a fetch without an answer: one for each root field, or one for the entities. */
export function faultErrors(
  fault: UpstreamFault,
  { subgraph, paths }: { subgraph: string; paths: readonly Path[] },
): GraphQLError[] {
  const { message, extensions } = faultError(fault, subgraph);
  return paths.map((path) => errorAt(message, { path, extensions }));
}

/**
 * An error of a subgraph, as an error of the answer: once for each place at which its path stands,
 * but for those of which it has none (null), since the client did not ask for that there.
 * That it is a subgraph's error is told to the mask, not to clients.
 */
export function subgraphErrors(
  error: GraphQLFormattedError,
  { subgraph, pathsOf }: { subgraph: string; pathsOf: (path: Path) => readonly (Path | null)[] },
): GraphQLError[] {
  const { message } = error;
  const extensions = { ...error.extensions, serviceName: subgraph };
  const paths = pathsOf(error.path ?? []);
  if (paths.length === 0) return [new GraphQLError(message, { extensions })];
  return paths.flatMap((path) => (path ? [errorAt(message, { path, extensions })] : []));
}

/** The path of a place up to its first list: within that, nobody knows which item. */
export function commonPath(path: readonly string[]): string[] {
  const wildcard = path.indexOf('@');
  return wildcard === -1 ? [...path] : path.slice(0, wildcard);
}

function errorAt(
  message: string,
  { path, extensions }: { path: Path; extensions: Record<string, unknown> },
): GraphQLError {
  return new GraphQLError(message, path.length > 0 ? { path, extensions } : { extensions });
}
