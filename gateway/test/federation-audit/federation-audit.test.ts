import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

const INDEX = `
import { serve } from '../../supergraph.js';
import { createTest } from '../../testkit.js';
import greeter from './greeter.subgraph.js';

export default serve('greeting', [greeter], [
  createTest('{ hello }', { data: { hello: 'everybody' } }),
  createTest('{ hello }', { data: { hello: 'somebody' } }),
  createTest('{ goodbye }', { errors: true }),
  createTest('{ hello }', { data: { hello: 'everybody' }, errors: true }),
]);
`;

const SUBGRAPH = `
import { createSubgraph } from '../../subgraph.js';

export default createSubgraph('greeter', {
  typeDefs: 'type Query { hello: String }',
  resolvers: { Query: { hello: (): string => 'everybody' } },
});
`;

let checkout: string;
before(() => {
  checkout = mkdtempSync(join(tmpdir(), 'quantumroute-audit-'));
  const suite = join(checkout, 'src/test-suites/greeting');
  mkdirSync(suite, { recursive: true });
  writeFileSync(join(checkout, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(suite, 'index.ts'), INDEX);
  writeFileSync(join(suite, 'greeter.subgraph.ts'), SUBGRAPH);
});
after(() => rmSync(checkout, { recursive: true, force: true }));

test('the audit tells which cases of a suite pass, and all about the others', async () => {
  const { code, output } = await run(checkout, 'greeting');
  assert.equal(code, 1);
  assert.match(output, /^greeting \.X\.X$/m);
  assert.match(output, /^expected .*"hello":"somebody"/m);
  assert.match(output, /^actual .*"hello":"everybody"/m);
  assert.match(output, /^greeter <- .*\{hello\}/m);
  assert.match(output, /^2 passed, 2 failed$/m);
});

test('the audit wants a checkout', async () => {
  assert.equal((await run()).code, 2);
});

function run(...parameters: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...parameters], { timeout: 60_000 }, (error, output) =>
      resolve({ code: Number(error?.code ?? 0), output }),
    );
  });
}
