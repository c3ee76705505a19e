import { pathToFileURL } from 'node:url';
import { isPortFree } from './free-port.ts';
import { inProject } from './project.ts';
import { serviceEnvironment } from './service-environment.ts';
import { CONFIG_FILES, portsOf, SERVICES } from './services.ts';

type ConfigModule = { readConfig(env: NodeJS.ProcessEnv): unknown };

/**
 * Every problem of every service's settings, each once, before anything is started: what the local
 * stack will provide is assumed to be there. The rooms' own `readConfig` decides; they
 * are loaded by path at run time, since ops/ must not depend on them.
 */
export async function settingsProblems(given: NodeJS.ProcessEnv): Promise<string[]> {
  const env = serviceEnvironment({ env: given, ...PLACEHOLDERS });
  const found = await Promise.all(
    CONFIG_FILES.map(async (file) => {
      const { readConfig } = (await import(pathToFileURL(inProject(file)).href)) as ConfigModule;
      return problemsOf(() => readConfig(env));
    }),
  );
  return [...new Set(found.flat())];
}

/** A sentence for each port that another program listens on or that two services share. */
export async function portProblems(env: NodeJS.ProcessEnv): Promise<string[]> {
  const ports = portsOf(env);
  const problems: string[] = [];
  const ownerOf = new Map<number, string>();
  for (const { name, portSetting } of SERVICES) {
    const port = ports[name];
    const owner = ownerOf.get(port);
    if (port === 0) problems.push(`${portSetting} needs a port other than 0 here`);
    else if (owner) problems.push(`${portSetting} and ${owner} are both ${port}`);
    else if (!(await isPortFree(port, env['HOST']))) {
      problems.push(
        `${portSetting} ${port} is taken by another program: end it, or set ${portSetting} to a free port`,
      );
    }
    ownerOf.set(port, portSetting);
  }
  return problems;
}

const PLACEHOLDERS = {
  directory: '/nowhere',
  databaseUrl: 'postgres://127.0.0.1/local',
  redisUrl: 'redis://127.0.0.1',
  secrets: {
    postgresPassword: '',
    serviceIdentitySecret: '?'.repeat(32),
    downloadSecret: '?'.repeat(32),
    signingKey: {},
  },
};

function problemsOf(readConfig: () => unknown): readonly string[] {
  try {
    readConfig();
    return [];
  } catch (error) {
    if (error instanceof Error && 'problems' in error) return error.problems as readonly string[];
    throw error;
  }
}
