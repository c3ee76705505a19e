import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

/** It compares version numbers; the suite of the server's last fix was never published. */
const NOT_ABOUT_THE_FRONT = 'lockstep versioning';

type Report = {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { assertionResults: { status: string; fullName: string }[]; message: string }[];
};

test('our HTTP front passes Apollo’s suite for integrations', { timeout: 170_000 }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'apollo-suite-'));
  t.after(() => rm(folder, { recursive: true }));
  const { numPassedTests, numFailedTests, testResults } = await runJest(
    join(folder, 'report.json'),
  );
  t.diagnostic(`Apollo's suite: ${numPassedTests} passed, ${numFailedTests} failed`);
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ fullName }) => fullName);
  const messages = testResults.map(({ message }) => message).join('\n');
  assert.deepEqual(failed, [], messages);
  assert.ok(numPassedTests >= 240, `Only ${numPassedTests} tests ran: ${messages}`);
});

async function runJest(outputFile: string): Promise<Report> {
  const jest = createRequire(import.meta.url).resolve('jest/package.json');
  const config = join(import.meta.dirname, 'jest.config.cjs');
  const options = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(dirname(jest), 'bin', 'jest.js'),
    `--config=${config}`,
    `--testNamePattern=^(?!.*${NOT_ABOUT_THE_FRONT})`,
    '--json',
    `--outputFile=${outputFile}`,
    '--silent',
  ];
  // A failed test is in the report; without a report the error is the news.
  const ended = await new Promise<Error | null>((resolve) => {
    execFile(process.execPath, options, { maxBuffer: 2 ** 26 }, (error) => resolve(error));
  });
  const report = await readFile(outputFile, 'utf8').catch(() => null);
  if (report === null) throw ended ?? new Error('Jest left no report');
  return JSON.parse(report) as Report;
}
