import { chmodSync, globSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { guardOfThisProcess } from './guard.ts';
import { type LocalPostgres, startPostgres } from './postgres.ts';
import { PROJECT_ROOT } from './project.ts';

const TEST_TIMEOUT_MS = 120_000;

/** `npm test -- [paths…] [--grep pattern]`: every test, on a PostgreSQL of this run's own. */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string' } },
});
const files = testFiles(positionals.length > 0 ? positionals : ['.']);
if (files.length === 0) {
  console.error(`No *.test.ts below ${positionals.join(', ')}.`);
  process.exit(1);
}

const directory = mkdtempSync(join(tmpdir(), 'quantumroute-test-'));
const postgres = await startOwnPostgres();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupted);
process.env['TEST_DATABASE_URL'] = postgres.urlOf();
// Hundreds of processes load the same code: V8 need not compile it again in each of them.
process.env['NODE_COMPILE_CACHE'] ??= join(directory, 'compile-cache');
const result = await runFiles(files);
await cleanUp();
const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : '';
console.log(`\n${result.passed} passed, ${result.failed} failed${skipped}`);
process.exit(result.failed > 0 ? 1 : 0);

type Result = { passed: number; failed: number; skipped: number };

function testFiles(paths: readonly string[]): string[] {
  const found = paths.flatMap((path) => {
    const absolute = resolve(process.env['INIT_CWD'] ?? PROJECT_ROOT, path);
    if (statSync(absolute, { throwIfNoEntry: false })?.isFile()) return [absolute];
    return globSync('**/*.test.ts', {
      cwd: absolute,
      exclude: ['**/node_modules/**', '**/.quantumroute/**', '**/.turbo/**'],
    }).map((file) => join(absolute, file));
  });
  return [...new Set(found)].sort();
}

/** The runner may be killed at any time: the guard then stops the server and deletes its data. */
function startOwnPostgres(): Promise<LocalPostgres> {
  // Root's PostgreSQL runs as another user, who must be able to walk through.
  chmodSync(directory, 0o755);
  guardOfThisProcess().removeAfterwards(directory);
  return startPostgres({
    directory: join(directory, 'postgres'),
    password: 'test',
    durable: false,
  });
}

async function cleanUp(): Promise<void> {
  await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
}

async function interrupted(): Promise<void> {
  await cleanUp();
  console.error('\nInterrupted.');
  process.exit(130);
}

async function runFiles(paths: string[]): Promise<Result> {
  const result: Result = { passed: 0, failed: 0, skipped: 0 };
  const events = run({
    files: paths,
    cwd: PROJECT_ROOT,
    // One of them mostly waits: for a store, a lease, a pause.
    concurrency: 3,
    execArgv: [
      `--import=${import.meta.resolve('./test-process.ts')}`,
      `--test-timeout=${TEST_TIMEOUT_MS}`,
    ],
    ...(values.grep === undefined ? {} : { testNamePatterns: [values.grep] }),
  });
  events.on('test:summary', ({ file, counts }) => {
    if (file !== undefined) return;
    result.passed = counts.passed;
    result.failed = counts.tests - counts.passed - counts.skipped - counts.todo;
    result.skipped = counts.skipped + counts.todo;
  });
  events.on('test:fail', ({ name, details, file }) => {
    if (/timed out/.test(details.error.message)) {
      console.error(`\n${relative(PROJECT_ROOT, file ?? '')}: "${name}" timed out.`);
    }
  });
  const report = events.compose(new spec());
  report.pipe(process.stdout, { end: false });
  await new Promise((done) => report.once('end', done));
  return result;
}
