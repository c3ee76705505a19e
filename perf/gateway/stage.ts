import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@quantumroute/ops/local/free-port';
import { guardOfThisProcess } from '@quantumroute/ops/local/guard';
import type { Contender } from './contenders/contender.ts';
import { type Running, startProgram } from './contenders/start-contender.ts';
import { smallOperation } from './graph/operations.ts';
import { subgraphSources, supergraphSdl } from './graph/subgraphs.ts';
import { ask, bodyOf } from './measure/ask.ts';
import { startLoadGenerator } from './measure/load-generator.ts';
import type { LoadGenerator } from './measure/load-generator.ts';

/** The subgraphs, the clients and whatever has been started in front of the subgraphs. */
export type Stage = AsyncDisposable & {
  /** A folder that goes away with the stage. */
  folder: string;
  /** The origin of the subgraphs. */
  subgraphs: string;
  load: LoadGenerator;
  /** How many requests the subgraphs have had. */
  countCalls(): Promise<number>;
  /** Starts a contender and waits until it answers the small operation; rejects with the reason. */
  start(contender: Contender): Promise<Started>;
};

export type Started = { contender: Contender; port: number; url: string; pid: number };

export async function openStage(): Promise<Stage> {
  await using opened = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'quantumroute-gateways-'));
  guardOfThisProcess().removeAfterwards(folder);
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const subgraphs = `http://127.0.0.1:${port}`;
  writeFiles(folder, subgraphs);
  const running = await startSubgraphs(port, folder);
  opened.defer(running.stop);
  const load = startLoadGenerator();
  opened.defer(load.stop);
  const started = opened.move();
  return {
    folder,
    subgraphs,
    load,
    countCalls: async () => Number(await (await fetch(`${subgraphs}/count`)).text()),
    async start(contender) {
      const place = { folder, subgraphs, port: await freePort() };
      const url = `http://127.0.0.1:${place.port}${contender.path}`;
      const { pid, stop } = await startProgram(contender.command(place), {
        cwd: folder,
        isReady: () => answers(url, bodyOf(smallOperation)),
      });
      started.defer(stop);
      return { contender, port: place.port, url, pid };
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

function startSubgraphs(port: number, folder: string): Promise<Running> {
  const program = fileURLToPath(new URL('graph/serve-subgraphs.ts', import.meta.url));
  return startProgram(
    { program: process.execPath, parameters: [program, String(port)] },
    {
      cwd: folder,
      isReady: () => answers(`http://127.0.0.1:${port}/accounts`, bodyOf(smallOperation)),
    },
  );
}

/** For those who read files: the supergraph, its parts, and the settings of Grafbase. */
function writeFiles(folder: string, subgraphs: string): void {
  const sources = subgraphSources(subgraphs);
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('supergraph.graphql', supergraphSdl(subgraphs));
  for (const { name, sdl } of sources) write(`${name}.graphql`, sdl);
  const tables = sources.map(
    ({ name, url }) =>
      `[subgraphs.${name}]\nurl = "${url}"\nschema_path = "${join(folder, `${name}.graphql`)}"\n`,
  );
  write('grafbase.toml', tables.join('\n'));
}

async function answers(url: string, body: string): Promise<boolean> {
  return ask(url, body).then(
    (text) => text.includes('"data"'),
    () => false,
  );
}
