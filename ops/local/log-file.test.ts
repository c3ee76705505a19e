import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLogFile } from './log-file.ts';

test('a log file keeps its latest lines and never grows far beyond its limit', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quantumroute-log-'));
  const file = openLogFile(join(directory, 'fleet.log'), 1_000);
  for (let line = 1; line <= 500; line += 1) file.write(`line ${line}\n`);
  assert.deepEqual(readdirSync(directory), ['fleet.log', 'fleet.log.1']);
  assert.ok(statSync(file.path).size <= 1_020);
  assert.match(readFileSync(file.path, 'utf8'), /line 500\n$/);
  rmSync(directory, { recursive: true });
});
