import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How a gateway is started for the bench. */
export type Command = {
  program: string;
  parameters: readonly string[];
  env?: Readonly<Record<string, string>>;
};

/** What a contender may use: files that describe the four subgraphs, and a port to listen on. */
export type Place = {
  /** Holds `supergraph.graphql` and `NAME.graphql` of each subgraph. */
  folder: string;
  /** The origin below which the subgraphs answer. */
  subgraphs: string;
  port: number;
};

/** Somebody who answers the bench's operations. */
export type Contender = {
  name: string;
  /** The path that answers. */
  path: string;
  command(place: Place): Command;
  /** Why it cannot take part on this machine; null when it can. */
  whyNot(): string | null;
};

/** What takes part unless `--only` says otherwise, in the order of the report. */
export function contenders(): readonly Contender[] {
  return [
    node('Apollo Server + Gateway', (place) => [
      here('serve-apollo.ts'),
      join(place.folder, 'supergraph.graphql'),
      String(place.port),
    ]),
    hive('Hive Gateway', ['--jit']),
    // Not with --jit as well: then it answers null.
    hive('Hive Gateway, its native planner', ['--hive-router-runtime']),
    rival('Mercurius gateway', 'node_modules/@mercuriusjs/gateway/package.json', (place) => [
      here('../rivals/serve-mercurius.mjs'),
      place.folder,
      place.subgraphs,
      String(place.port),
    ]),
    GRAFBASE,
    OURS,
  ];
}

export const STOCK = 'Apollo Server + Gateway';
export const RUST = 'Grafbase (Rust)';
export const OWN = 'quantumroute';
export const FLOOR = 'floor: the same calls';

/** A bare server that makes our gateway's calls and sends the right bytes; see `serve-floor.ts`. */
export function floor(recording: string): Contender {
  return node(FLOOR, ({ port, subgraphs }) => [
    here('serve-floor.ts'),
    recording,
    subgraphs,
    String(port),
  ]);
}

const OURS = node(OWN, ({ folder, subgraphs, port }) => [
  fileURLToPath(new URL('../../../gateway/src/main.ts', import.meta.url)),
  '--supergraph',
  join(folder, 'supergraph.graphql'),
  '--port',
  String(port),
  '--policies',
  'off',
  ...['accounts', 'inventory', 'products', 'reviews'].flatMap((name) => [
    '--subgraph-url',
    `${name}=${subgraphs}/${name}`,
  ]),
]);

const GRAFBASE: Contender = {
  name: RUST,
  path: '/graphql',
  whyNot: () => missing(grafbaseProgram()),
  command: ({ folder, port }) => ({
    program: grafbaseProgram(),
    parameters: [
      '--home',
      folder,
      'dev',
      '--config',
      join(folder, 'grafbase.toml'),
      '--port',
      String(port),
    ],
  }),
};

function hive(name: string, flags: readonly string[]): Contender {
  return rival(name, 'node_modules/.bin/hive-gateway', ({ folder, port }) => [
    inRivals('node_modules/@graphql-hive/gateway/dist/bin.js'),
    'supergraph',
    join(folder, 'supergraph.graphql'),
    ...flags,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
  ]);
}

function rival(
  name: string,
  needs: string,
  parametersOf: (place: Place) => readonly string[],
): Contender {
  return { ...node(name, parametersOf), whyNot: () => missing(inRivals(needs)) };
}

function node(name: string, parametersOf: (place: Place) => readonly string[]): Contender {
  return {
    name,
    path: '/graphql',
    whyNot: () => null,
    command: (place) => ({ program: process.execPath, parameters: parametersOf(place) }),
  };
}

/** Its npm package is a program for one platform. */
function grafbaseProgram(): string {
  return inRivals('node_modules/@grafbase/cli-x86_64-unknown-linux-musl/grafbase');
}

function missing(file: string): string | null {
  return existsSync(file) ? null : 'it is not installed (see perf/gateway/rivals)';
}

function inRivals(path: string): string {
  return here(`../rivals/${path}`);
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
