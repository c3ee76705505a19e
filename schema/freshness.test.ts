import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = (path: string) => fileURLToPath(new URL(path, import.meta.url));

test('the committed resolver types are fresh', async () => {
  await run(process.execPath, [script('./codegen/main.ts'), '--check']);
});

test('the committed manifests are fresh', async () => {
  await run(process.execPath, [script('./manifests.ts'), '--check']);
});

test('the committed supergraph is fresh', async () => {
  await run(process.execPath, [script('./compose.ts'), '--check']);
});
