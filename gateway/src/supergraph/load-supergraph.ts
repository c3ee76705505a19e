import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CommandLine } from '../command-line.ts';
import type { ServingConfig } from '../config.ts';
import { readSupergraph } from './supergraph.ts';
import type { Supergraph } from './supergraph.ts';

/** Where a supergraph comes from, time and again. */
export type SupergraphSource = {
  /** Its text now. Rejects while there is none, or while somebody is writing it. */
  read(): Promise<string>;
  /** Throws for a text that is no supergraph, or not one that these settings are for. */
  parse(text: string): Supergraph;
};

/**
 * The supergraph that the command line names, or quantumroute's own. URLs from the environment count
 * for the subgraphs that are there; the command line may not name others. With policies on the
 * gateway has questions of its own to fleet and report, which must be there.
 */
export function supergraphSource(
  { supergraph: file, subgraphUrls, policies }: CommandLine,
  config: ServingConfig,
): SupergraphSource {
  const configured = {
    fleet: config.FLEET_URL,
    route: config.ROUTE_URL,
    report: config.REPORT_URL,
  };
  return {
    read: () => readSettled(file ?? ownSupergraph()),
    parse(text) {
      const present = new Set(readSupergraph(text).subgraphs.map(({ name }) => name));
      const missing = policies === 'on' ? NEEDED.filter((name) => !present.has(name)) : [];
      if (missing.length > 0) {
        throw new Error(`The supergraph needs the subgraphs ${missing.join(', ')}`);
      }
      const urls = Object.entries(configured).filter(
        (entry): entry is [string, string] => entry[1] !== undefined && present.has(entry[0]),
      );
      return readSupergraph(text, { urls: { ...Object.fromEntries(urls), ...subgraphUrls } });
    },
  };
}

/** The folder of the clients' registered operations. */
export function manifestsFolder(): string {
  return fileURLToPath(new URL('manifests/', schemaRoom()));
}

const NEEDED = ['fleet', 'report'];
const SETTLED_MS = 50;
const MOST_READS = 20;

/** Equal twice in a row: a file that is just being written is half of one. */
async function readSettled(file: string): Promise<string> {
  let before = await readFile(file, 'utf8');
  for (let reads = 1; reads < MOST_READS; reads += 1) {
    await sleep(SETTLED_MS);
    const text = await readFile(file, 'utf8');
    if (text === before) return text;
    before = text;
  }
  throw new Error(`${file} changes all the time`);
}

function ownSupergraph(): string {
  return fileURLToPath(new URL('supergraph.graphql', schemaRoom()));
}

function schemaRoom(): string {
  return import.meta.resolve('@quantumroute/schema/supergraph.graphql');
}
