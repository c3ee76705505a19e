import { pathToFileURL } from 'node:url';
import { inProject } from '../local/project.ts';
import type { Logger } from '../src/log.ts';
import type { AskMounted, MountedSubgraph } from '../src/mounted-subgraph.ts';
import type { SubgraphName } from './settings.ts';

/** The environment of every service. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The programs of rooms, to be started within this process. */
export type Rooms = {
  startSubgraph(
    name: SubgraphName,
    parts: { stack: AsyncDisposableStack; env: Environment; log: Logger },
  ): Promise<MountedSubgraph>;
  /** The gateway asks `mounted` subgraphs without HTTP. */
  startGateway(parts: {
    stack: AsyncDisposableStack;
    argv: readonly string[];
    env: Environment;
    log: Logger;
    mounted: ReadonlyMap<string, AskMounted>;
  }): Promise<void>;
};

/**
 * Loads the gateway and these subgraphs. All at once and before any is started: that takes seconds in
 * which nothing else is done, and connections that are open by then would be given up.
 */
export async function loadRooms(names: readonly SubgraphName[]): Promise<Rooms> {
  const subgraphs = new Map(
    await Promise.all(
      names.map(async (name): Promise<[SubgraphName, ConfigModule & SubgraphModule]> => {
        const { readConfig } = await load<ConfigModule>(`subgraphs/${name}/src/config.ts`);
        const { serve } = await load<SubgraphModule>(SERVE_FILES[name]);
        return [name, { readConfig, serve }];
      }),
    ),
  );
  const { readCommandLine } = await load<CommandLineModule>('gateway/src/command-line.ts');
  const gateway = await load<GatewayModule>('gateway/src/serve.ts');
  return {
    async startSubgraph(name, { stack, env, log }) {
      const subgraph = subgraphs.get(name);
      if (!subgraph) throw new Error(`The subgraph "${name}" was not loaded`);
      return subgraph.serve(stack, { config: subgraph.readConfig(env), log });
    },
    async startGateway({ stack, argv, ...options }) {
      await gateway.serve(stack, { commandLine: readCommandLine(argv), ...options });
    },
  };
}

const SERVE_FILES: Readonly<Record<SubgraphName, string>> = {
  fleet: 'subgraphs/fleet/src/serve.ts',
  route: 'subgraphs/route/src/serve.ts',
  report: 'subgraphs/report/src/commands/serve.ts',
};

type ConfigModule = { readConfig(env: Environment): unknown };
type SubgraphModule = {
  serve(
    stack: AsyncDisposableStack,
    options: { config: unknown; log: Logger },
  ): Promise<MountedSubgraph>;
};
type CommandLineModule = { readCommandLine(argv: readonly string[]): unknown };
type GatewayModule = {
  serve(
    stack: AsyncDisposableStack,
    options: {
      commandLine: unknown;
      env: Environment;
      log: Logger;
      mounted: ReadonlyMap<string, AskMounted>;
    },
  ): Promise<void>;
};

/** By path: ops/ must not depend on the rooms, and none of them knows another. */
async function load<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(inProject(file)).href)) as T;
}
