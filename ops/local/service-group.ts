import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inProcessSubgraphs } from '../one-process/settings.ts';
import { openLogFile } from './log-file.ts';
import { type LogLine, readLogLine } from './log-line.ts';
import { type ServiceProcess, serviceProcess } from './service-process.ts';
import { byName, type Service, type ServiceName, SERVICES, urlsOf } from './services.ts';

/** All services of one stack, as processes. */
export type ServiceGroup = {
  urls: Readonly<Record<ServiceName, string>>;
  pid(name: ServiceName): number | undefined;
  /** SIGKILL; the service stays down until `restart`. */
  kill(name: ServiceName): Promise<void>;
  /** Stops it when it runs, starts it, waits until it is ready. */
  restart(name: ServiceName): Promise<void>;
  /** The gateway first, then the worker, then the subgraphs. */
  stop(): Promise<void>;
};

/** How the services of a stack are run. */
export type ServiceGroupOptions = {
  /** The environment of every service, see `serviceEnvironment`. */
  env: NodeJS.ProcessEnv;
  /** Their log files go to `logs/` below it. */
  directory: string;
  /** Start a service again that crashed, after a growing pause. */
  restartCrashed: boolean;
  onLine(service: ServiceName, line: LogLine): void;
  /** Aborted while they start: all are stopped, and the start is rejected. */
  signal?: AbortSignal;
};

/** Starts all services at once and waits until each is ready; if one is not, none is left. */
export async function startServices(options: ServiceGroupOptions): Promise<ServiceGroup> {
  const urls = urlsOf(options.env);
  const processes = processesOf(options, urls);
  const stop = () => stopInOrder(processes);
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    await startAll([...new Set(Object.values(processes))]);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
  return {
    urls,
    pid: (name) => processes[name].pid(),
    kill: (name) => processes[name].kill(),
    async restart(name) {
      await processes[name].stop();
      await processes[name].start();
    },
    stop,
  };
}

const LONGEST_PAUSE_MS = 15_000;

/** Subgraphs that are in the gateway's process have that one for theirs. */
function processesOf(
  options: ServiceGroupOptions,
  urls: Readonly<Record<ServiceName, string>>,
): Record<ServiceName, ServiceProcess> {
  const mounted: readonly ServiceName[] = inProcessSubgraphs(options.env);
  const own = byName((service) => {
    if (mounted.includes(service.name)) return null;
    const hosts = service.name === 'gateway' && mounted.length > 0;
    const main = hosts ? 'ops/one-process/main.ts' : service.main;
    return processOf({ ...service, main }, { ...options, url: urls[service.name] });
  });
  const { gateway } = own;
  if (!gateway) throw new Error('The gateway has a process');
  return byName(({ name }) => own[name] ?? gateway);
}

function processOf(
  service: Service,
  options: ServiceGroupOptions & { url: string },
): ServiceProcess {
  const { env, url, directory, restartCrashed, onLine } = options;
  const file = openLogFile(join(directory, 'logs', `${service.name}.log`));
  const say = (text: string) => onLine(service.name, { level: 'error', text });
  let crashes = 0;
  let isWanted = true;

  const comeBack = async (): Promise<void> => {
    crashes += 1;
    await sleep(Math.min(250 * 2 ** (crashes - 1), LONGEST_PAUSE_MS));
    if (!isWanted) return;
    try {
      await created.start();
      say('runs again');
      setTimeout(() => (crashes = 0), 60_000).unref();
    } catch (error) {
      say((error as Error).message);
      void comeBack();
    }
  };

  const onCrash = (ending: string): void => {
    say(`ended unexpectedly (${ending}), see ${file.path}`);
    if (restartCrashed) void comeBack();
  };
  const created = serviceProcess({
    service,
    env,
    url,
    events: {
      onLine(line) {
        file.write(`${line}\n`);
        onLine(service.name, readLogLine(line));
      },
      onCrash,
    },
  });
  const unwanted = (end: () => Promise<void>) => () => {
    isWanted = false;
    return end();
  };
  return { ...created, stop: unwanted(created.stop), kill: unwanted(created.kill) };
}

/** Waits for all, so that a failure leaves no start half done behind it. */
async function startAll(processes: readonly ServiceProcess[]): Promise<void> {
  const starts = await Promise.allSettled(processes.map((each) => each.start()));
  const problems = starts.flatMap((each) =>
    each.status === 'rejected' ? [(each.reason as Error).message] : [],
  );
  if (problems.length > 0) throw new Error(problems.join('\n\n'));
}

async function stopInOrder(processes: Record<ServiceName, ServiceProcess>): Promise<void> {
  const [gateway, worker, ...subgraphs] = SERVICES.map(({ name }) => processes[name]);
  await gateway?.stop();
  await worker?.stop();
  await Promise.all(subgraphs.map((each) => each.stop()));
}
