import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@quantumroute/ops/local/free-port';
import { ownStack } from '../own-stack.ts';
import { startProgram } from './contenders/start-contender.ts';
import { startLoadGenerator } from './measure/load-generator.ts';
import { type Figures, type Runner, measureInRounds } from './measure/rounds.ts';
import type { Options } from './options.ts';
import { cachedTable } from './report/cached-table.ts';

const OPERATION = 'ReportDefinitions';

/**
 * An operation whose answer is cached, in the real system with production settings: asked for by
 * its text and by its hash, beside a bare server that sends the same bytes.
 */
export async function compareCached(options: Options): Promise<void> {
  await using stack = await ownStack({ env: { NODE_ENV: 'production', LOG_LEVEL: 'warn' } });
  await using opened = new AsyncDisposableStack();
  const load = opened.adopt(startLoadGenerator(), async ({ stop }) => stop());
  const { header } = stack.credentials['dispatcher'] ?? { header: { name: '', value: '' } };
  const headers = { [header.name]: header.value };
  const gateway = {
    port: Number(new URL(stack.urls.gateway).port),
    path: '/graphql',
    pid: stack.pid('gateway') ?? 0,
    headers,
    areBytesDistinct: false,
  };
  const text = await askOnce(gateway, BY_TEXT);
  const bare = await startBare(text, opened);
  const runners: Runner[] = [
    { ...gateway, name: 'cached, by its text', body: BY_TEXT },
    { ...gateway, name: 'cached and persisted, by its hash', body: BY_HASH },
    { ...gateway, ...bare, name: BARE, body: BY_HASH },
  ];
  const measured = await measureInRounds({
    load,
    runners,
    operation: `${OPERATION} (${(Buffer.byteLength(text) / 1_000).toFixed(1)} kB)`,
    countCalls: async () => 0,
    options,
  });
  await mustHaveHit(stack.urls.gateway, measured);
  console.log(`\n${cachedTable(measured)}`);
  mkdirSync(options.out, { recursive: true });
  writeFileSync(join(options.out, 'cached.json'), `${JSON.stringify(measured, null, 2)}\n`);
}

const BARE = 'bare node:http, the same bytes';
const QUERY = readFileSync(
  new URL(import.meta.resolve(`@quantumroute/schema/operations/web/${OPERATION}.graphql`)),
  'utf8',
);
const BY_TEXT = JSON.stringify({ operationName: OPERATION, query: QUERY });
const BY_HASH = JSON.stringify({
  operationName: OPERATION,
  extensions: { persistedQuery: { version: 1, sha256Hash: registeredHash() } },
});

/** What its manifest calls it. */
function registeredHash(): string {
  const file = new URL(import.meta.resolve('@quantumroute/schema/manifests/web.json'));
  const { operations } = JSON.parse(readFileSync(file, 'utf8')) as {
    operations: { id: string; name: string }[];
  };
  const found = operations.find(({ name }) => name === OPERATION);
  if (found === undefined) throw new Error(`${OPERATION} is not registered`);
  return found.id;
}

async function askOnce(
  { port, path, headers }: Pick<Runner, 'port' | 'path' | 'headers'>,
  body: string,
): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body,
  });
  const text = await response.text();
  if (!response.ok || text.includes('"errors"')) throw new Error(text.slice(0, 500));
  return text;
}

async function startBare(
  text: string,
  opened: AsyncDisposableStack,
): Promise<Pick<Runner, 'port' | 'pid'>> {
  const folder = mkdtempSync(join(tmpdir(), 'quantumroute-bytes-'));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'answer.json');
  writeFileSync(file, text);
  const port = await freePort();
  const { pid, stop } = await startProgram(
    { program: process.execPath, parameters: [SERVE_BYTES, file, String(port)] },
    {
      cwd: folder,
      isReady: () =>
        fetch(`http://127.0.0.1:${port}`).then(
          () => true,
          () => false,
        ),
    },
  );
  opened.defer(stop);
  return { port, pid };
}

const SERVE_BYTES = fileURLToPath(new URL('contenders/serve-bytes.ts', import.meta.url));

/** An answer that was made anew each time would be no cached one. */
async function mustHaveHit(gatewayUrl: string, measured: readonly Figures[]): Promise<void> {
  const metrics = await (await fetch(`${gatewayUrl}/metrics`)).text();
  const hits = metrics
    .split('\n')
    .filter((line) => line.includes('cache="response"') && line.includes('outcome="hit"'));
  const count = Number(hits[0]?.split(' ').at(-1) ?? 0);
  if (count === 0) throw new Error(`No answer of ${measured[0]?.operation} came from the cache`);
  console.log(`${count.toLocaleString('en')} answers came from the cache`);
}
