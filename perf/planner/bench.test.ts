import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { RunResult } from './report/run-result.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'bench-planner-'));
after(() => rmSync(directory, { recursive: true }));

/** Two customers on the way to each other: 5 + 5 + 10 by DIMACS, on one vehicle. */
const INSTANCE = `tiny

VEHICLE
NUMBER     CAPACITY
  2         20

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE TIME

    0      0          0          0          0        200          0
    1      3          4         10          0        100         10
    2      6          8         10          0        100         10
`;

function bench(...args: string[][]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [MAIN, ...args.flat()], {
    encoding: 'utf8',
  });
  return { stdout, stderr, status };
}

describe('the bench', () => {
  it('runs an instance file and writes tables, results and a chart', () => {
    const out = join(directory, 'out');
    const best = join(directory, 'best.csv');
    writeFileSync(join(directory, 'tiny.txt'), INSTANCE);
    writeFileSync(
      best,
      'instance,family,vehicles,distance,objective\nTINY,none,,16,DIMACS\ntiny,none,1,16,SINTEF hierarchical\n',
    );
    const { stdout, stderr, status } = bench(
      ['--instances', directory, '--best-known', best, '--out', out],
      ['--seconds', '0.05', '--seeds', '1,2', '--algorithms', 'sisr'],
    );
    assert.equal(status, 0, stderr);
    assert.match(stdout, /Solomon 2 .*sisr .*25\.00 ± 0\.00 %/);
    const { results } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as {
      results: RunResult[];
    };
    assert.deepEqual(
      results.map(({ seed, value, vehicles, violations }) => [seed, value, vehicles, violations]),
      [
        [1, 20, 1, []],
        [2, 20, 1, []],
      ],
    );
    assert.match(readFileSync(join(out, 'gap-against-time.svg'), 'utf8'), /^<svg /);
  });

  it('says what is wrong in one line, with the path, and runs nothing', () => {
    const missing = join(directory, 'missing');
    const { stdout, stderr, status } = bench(['--instances', missing]);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.equal(stderr, `${missing}: cannot be read as a folder (ENOENT)\n`);
  });
});
