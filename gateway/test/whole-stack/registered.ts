import { readFile } from 'node:fs/promises';

/** The text of an operation that a client has registered. */
export function readRegistered(client: string, name: string): Promise<string> {
  const file = `@quantumroute/schema/operations/${client}/${name}.graphql`;
  return readFile(new URL(import.meta.resolve(file)), 'utf8');
}
