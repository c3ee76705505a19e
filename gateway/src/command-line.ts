import { parseArgs } from 'node:util';

/** What the command line says; settings come from the environment. */
export type CommandLine = {
  /** Path of a supergraph file; null for quantumroute's own. */
  supergraph: string | null;
  port: number | null;
  policies: 'on' | 'off';
  subgraphUrls: Record<string, string>;
};

/** Reads `[serve] --supergraph FILE --port N --policies off --subgraph-url name=url …`. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      supergraph: { type: 'string' },
      port: { type: 'string' },
      policies: { type: 'string', default: 'on' },
      'subgraph-url': { type: 'string', multiple: true, default: [] },
    },
  });
  const [command = 'serve'] = positionals;
  if (command !== 'serve') throw new Error(`The gateway knows the command serve, got "${command}"`);
  const { policies } = values;
  if (policies !== 'on' && policies !== 'off') {
    throw new Error(`--policies needs on or off, got "${policies}"`);
  }
  return {
    supergraph: values.supergraph ?? null,
    port: values.port === undefined ? null : portOf(values.port),
    policies,
    subgraphUrls: Object.fromEntries(values['subgraph-url'].map(subgraphUrlOf)),
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && text !== '') return port;
  throw new Error(`--port needs a number from 0 to 65535, got "${text}"`);
}

function subgraphUrlOf(text: string): [string, string] {
  const [, name, url] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name && url && URL.canParse(url)) return [name, url];
  throw new Error(`--subgraph-url needs name=url, got "${text}"`);
}
