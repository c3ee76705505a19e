import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readCommandLine } from './command-line.ts';

describe('the command line', () => {
  test('serves quantumroute with its policies when it says nothing', () => {
    const expected = { supergraph: null, port: null, policies: 'on', subgraphUrls: {} };
    assert.deepEqual(readCommandLine([]), expected);
    assert.deepEqual(readCommandLine(['serve']), expected);
  });

  test('names a supergraph, a port and the addresses of subgraphs', () => {
    const argv = ['--supergraph', 'a.graphql', '--port', '0', '--policies', 'off'];
    const urls = ['--subgraph-url', 'a=http://a/?x=y', '--subgraph-url', 'b=http://b/'];
    assert.deepEqual(readCommandLine([...argv, ...urls]), {
      supergraph: 'a.graphql',
      port: 0,
      policies: 'off',
      subgraphUrls: { a: 'http://a/?x=y', b: 'http://b/' },
    });
  });

  for (const [argv, expected] of [
    [['fly'], /knows the command serve, got "fly"/],
    [['--port', 'x'], /--port needs a number from 0 to 65535, got "x"/],
    [['--port', ''], /--port needs a number/],
    [['--policies', 'some'], /--policies needs on or off, got "some"/],
    [['--subgraph-url', 'nonsense'], /--subgraph-url needs name=url/],
    [['--nonsense'], /nonsense/],
  ] as const) {
    test(`says what is wrong with "${argv.join(' ')}"`, () => {
      assert.throws(() => readCommandLine(argv), expected);
    });
  }
});
