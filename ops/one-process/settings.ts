import { readSettings, setting } from '../src/config.ts';

/** The subgraphs that may be in the gateway's process. */
export const SUBGRAPHS = ['fleet', 'route', 'report'] as const;

/** One of them. */
export type SubgraphName = (typeof SUBGRAPHS)[number];

export const settings = {
  IN_PROCESS_SUBGRAPHS: setting
    .text('')
    .refine((text) => namesIn(text).every(isSubgraph), {
      error: `needs names out of ${SUBGRAPHS.join(', ')}, separated by commas`,
    })
    .describe('Subgraphs in the gateway’s process, such as `fleet,route,report`'),
};

/** Throws a ConfigError for a name that is none. */
export function readConfig(env: NodeJS.ProcessEnv) {
  return readSettings(settings, env);
}

/** The subgraphs that the environment puts into the gateway's process; those that are none are left out. */
export function inProcessSubgraphs(env: NodeJS.ProcessEnv): SubgraphName[] {
  return namesIn(env['IN_PROCESS_SUBGRAPHS'] ?? '').filter(isSubgraph);
}

function namesIn(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function isSubgraph(name: string): name is SubgraphName {
  return (SUBGRAPHS as readonly string[]).includes(name);
}
