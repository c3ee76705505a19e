import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { inProject } from './project.ts';

/** One import for each arrow between rooms that must not exist, by name and by path. */
const FORBIDDEN: Record<string, readonly string[]> = {
  'schema/a.ts': ['@quantumroute/ops/config', '../ops/src/config.ts'],
  'ops/src/a.ts': ['@quantumroute/schema/ids', '../../schema/ids.ts', '../../perf/a.ts'],
  'gateway/src/a.ts': ['@quantumroute/fleet/a', '../../subgraphs/fleet/src/config.ts'],
  'subgraphs/fleet/src/a.ts': [
    '@quantumroute/route/a',
    '@quantumroute/gateway/a',
    '../../route/src/a.ts',
    '../../../gateway/src/a.ts',
    '../../../ops/src/config.ts',
  ],
  'perf/a.ts': ['@quantumroute/gateway/a', '../gateway/src/main.ts'],
};

const ALLOWED: Record<string, readonly string[]> = {
  'gateway/src/b.ts': ['@quantumroute/ops/config', '@quantumroute/schema/ids', './main.ts'],
  'subgraphs/route/src/b.ts': ['@quantumroute/ops/log', './planning/planner.ts'],
  'perf/b.ts': ['@quantumroute/ops/local/services', '@quantumroute/schema/ids'],
};

test('the linter refuses each import against the arrows between the rooms, and no other', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quantumroute-arrows-'));
  for (const [file, imports] of Object.entries({ ...FORBIDDEN, ...ALLOWED })) {
    mkdirSync(join(directory, dirname(file)), { recursive: true });
    writeFileSync(
      join(directory, file),
      imports.map((from) => `export * from '${from}';\n`).join(''),
    );
  }
  const config = JSON.parse(readFileSync(inProject('.oxlintrc.json'), 'utf8')) as {
    options: unknown;
  };
  // Types play no part here, and would need the whole project.
  writeFileSync(join(directory, '.oxlintrc.json'), JSON.stringify({ ...config, options: {} }));
  const { stdout } = spawnSync(inProject('node_modules/.bin/oxlint'), ['-f', 'unix'], {
    cwd: directory,
    encoding: 'utf8',
  });
  const refused = stdout.split('\n').filter((line) => line.includes('no-restricted-imports'));
  const places = refused.map((line) => line.split(':').slice(0, 2).join(':')).sort();
  const expected = Object.entries(FORBIDDEN).flatMap(([file, imports]) =>
    imports.map((_import, index) => `${file}:${index + 1}`),
  );
  assert.deepEqual(places, expected.sort());
  rmSync(directory, { recursive: true });
});
