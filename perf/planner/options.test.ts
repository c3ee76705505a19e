import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readOptions, WrongOption } from './options.ts';

describe('the options of the bench', () => {
  it('ask for the generated instances with small budgets when there are none', () => {
    const options = readOptions([]);
    assert.ok(options !== 'HELP');
    assert.deepEqual(
      [options.instances, options.seconds, options.seeds, options.jobs],
      [null, [0.5, 1, 3], [1], 1],
    );
  });

  it('have larger budgets for files', () => {
    const options = readOptions(['--instances', 'dir', '--only', '^X']);
    assert.ok(options !== 'HELP');
    assert.deepEqual(
      [options.seconds, options.seeds],
      [
        [1, 5, 10],
        [1, 2],
      ],
    );
    assert.match('x-n101', options.only ?? /never/);
  });

  const wrong: [string[], RegExp][] = [
    [['--second', '1'], /^Unknown option '--second'/],
    [['--seconds', '1,x'], /^--seconds: expected positive numbers, got "x"$/],
    [['--seconds', '0'], /^--seconds: expected positive numbers, got "0"$/],
    [['--seeds', '1.5'], /^--seeds: expected positive whole numbers, got "1.5"$/],
    [['--jobs', '-1'], /jobs/],
    [['--algorithms', 'sisr,tabu'], /^--algorithms: expected any of .*, got "tabu"$/],
    [['--only', '('], /^--only: .*Unterminated group/],
    [
      ['--instances', 'dir', '--convention', 'exact'],
      /^--convention: expected dimacs or sintef, got "exact"$/,
    ],
    [['--best-known', 'file'], /^--best-known needs --instances$/],
    [['--instances', 'dir', '--keep-best'], /^--keep-best is for generated instances/],
    [['dir'], /^Unexpected argument 'dir'/],
  ];
  for (const [args, message] of wrong) {
    it(`refuse ${args.join(' ')} in one sentence`, () => {
      assert.throws(
        () => readOptions(args),
        (error) =>
          error instanceof WrongOption &&
          message.test(error.message) &&
          !error.message.includes('\n'),
      );
    });
  }
});
