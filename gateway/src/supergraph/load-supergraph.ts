import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { CommandLine } from '../command-line.ts';
import type { ServingConfig } from '../config.ts';
import { readSupergraph } from './supergraph.ts';
import type { Supergraph } from './supergraph.ts';

/**
 * Reads the supergraph that the command line names, or quantumroute's own. URLs from the
 * environment count for the subgraphs that are there; the command line may not name others.
 */
export async function loadSupergraph(
  { supergraph: file, subgraphUrls }: CommandLine,
  config: ServingConfig,
): Promise<Supergraph> {
  const sdl = await readFile(file ?? ownSupergraph(), 'utf8');
  const present = new Set(readSupergraph(sdl).subgraphs.map(({ name }) => name));
  const configured = {
    fleet: config.FLEET_URL,
    route: config.ROUTE_URL,
    report: config.REPORT_URL,
  };
  const urls = Object.entries(configured).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && present.has(entry[0]),
  );
  return readSupergraph(sdl, { urls: { ...Object.fromEntries(urls), ...subgraphUrls } });
}

/** The folder of the clients' registered operations. */
export function manifestsFolder(): string {
  return fileURLToPath(new URL('manifests/', schemaRoom()));
}

function ownSupergraph(): string {
  return fileURLToPath(new URL('supergraph.graphql', schemaRoom()));
}

function schemaRoom(): string {
  return import.meta.resolve('@quantumroute/schema/supergraph.graphql');
}
