import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inProject } from './project.ts';

type Lockfile = {
  packages: Record<string, { optionalDependencies?: Record<string, string> }>;
};

/** npm leaves out what the registry at hand does not serve, and `npm ci` then refuses elsewhere. */
test('the lockfile lists the optional packages of every platform', () => {
  const { packages } = JSON.parse(readFileSync(inProject('package-lock.json'), 'utf8')) as Lockfile;
  const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
    Object.keys(optionalDependencies),
  );
  const listed = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
  assert.deepEqual(
    wanted.filter((name) => !listed.has(name)),
    [],
  );
});
