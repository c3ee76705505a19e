// A program: the public audit of federation gateways (graphql-hive/federation-gateway-audit, of which
// a checkout is needed) against the executor. Prints a line for each suite, and what fails.
import { existsSync, readdirSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { parse, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { auditSuite } from './audit-suite.ts';
import type { AuditSuite } from './suite-kit.ts';

const [checkout, ...wanted] = process.argv.slice(2);
if (checkout === undefined) {
  console.error('Usage: node gateway/test/federation-audit/main.ts CHECKOUT [SUITE…]');
  process.exit(2);
}

const OF_ITS_PROGRAM = new Set(['subgraph', 'supergraph', 'testkit', 'env']);
const SUITE_KIT = new URL('./suite-kit.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const isTheirs = specifier.startsWith('.') && specifier.endsWith('.js');
    if (!isTheirs || context.parentURL === undefined) return next(specifier, context);
    if (OF_ITS_PROGRAM.has(parse(specifier).name)) return next(SUITE_KIT, context);
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    return next(existsSync(fileURLToPath(source)) ? source.href : specifier, context);
  },
});

const folder = resolve(checkout, 'src/test-suites');
const names = wanted.length > 0 ? wanted : readdirSync(folder).sort();
let passed = 0;
let failed = 0;
for (const name of names) {
  const file = resolve(folder, name, 'index.ts');
  if (!existsSync(file)) continue;
  const { default: suite } = (await import(pathToFileURL(file).href)) as { default: AuditSuite };
  const results = await auditSuite(suite);
  console.log(`${name} ${results.map((failure) => (failure === null ? '.' : 'X')).join('')}`);
  for (const failure of results) {
    if (failure === null) passed += 1;
    else failed += 1;
    if (failure !== null) console.log(failure);
  }
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
