import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@quantumroute/ops/local/free-port';
import { type ServiceProcess, serviceProcess } from '@quantumroute/ops/local/service-process';
import { SERVICES, urlsOf } from '@quantumroute/ops/local/services';
import type { TestStack } from '@quantumroute/ops/local/testing';

/** Another gateway process of the same stack. */
export type SecondGateway = {
  process: ServiceProcess;
  url: string;
  /** Gives it another supergraph, under which everything is as it was. */
  changeSupergraph(): Promise<void>;
  /** Gives it half of one, which it must refuse, and then the whole again. */
  breakSupergraph(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts it on a port of its own, over a supergraph in a file of its own. */
export async function secondGateway(stack: TestStack): Promise<SecondGateway> {
  const service = SERVICES.find(({ name }) => name === 'gateway');
  if (service === undefined) throw new Error('There is no gateway');
  const folder = await mkdtemp(join(tmpdir(), 'quantumroute-supergraph-'));
  const file = join(folder, 'supergraph.graphql');
  const own = import.meta.resolve('@quantumroute/schema/supergraph.graphql');
  let text = await readFile(fileURLToPath(own), 'utf8');
  await writeFile(file, text);
  const port = String(await freePort());
  const env = { ...stack.env, [service.portSetting]: port, GATEWAY_SUPERGRAPH_POLL_MS: '100' };
  const url = urlsOf(env).gateway;
  const process = serviceProcess({
    service,
    args: ['--supergraph', file],
    env,
    url,
    events: { onLine: () => undefined, onCrash: () => undefined },
  });
  await process.start();
  /** Replaces the file and waits for what comes of it. */
  const replace = async (by: string, outcome: string): Promise<void> => {
    const before = await reloads(url, outcome);
    await writeFile(file, by);
    while ((await reloads(url, outcome)) === before) await sleep(50);
  };
  return {
    process,
    url,
    async changeSupergraph() {
      text += '\n# changed';
      await replace(text, 'taken');
    },
    async breakSupergraph() {
      await replace(text.slice(0, text.length / 2), 'refused');
      await writeFile(file, text);
    },
    async stop() {
      await process.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Changes of its supergraph with this outcome, of which a gateway knows. */
async function reloads(url: string, outcome: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = new RegExp(`^quantumroute_supergraph_reloads_total.*"${outcome}".* (\\d+)$`, 'm');
  return Number(line.exec(text)?.[1]);
}
