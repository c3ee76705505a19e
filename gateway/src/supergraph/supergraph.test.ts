import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { readSupergraph } from './supergraph.ts';

describe('a supergraph', async () => {
  const file = new URL(import.meta.resolve('@quantumroute/schema/supergraph.graphql'));
  const sdl = await readFile(file, 'utf8');

  test('is executed without access directives, which stay in its full schema', () => {
    const { schema, executableSdl } = readSupergraph(sdl);
    assert.doesNotMatch(executableSdl, /authenticated|requiresScopes/);
    assert.match(executableSdl, /@tag\(/);
    assert.ok(schema.getDirective('requiresScopes'));
  });

  test('tells its subgraphs, with the addresses that it is given', () => {
    const { subgraphs, executableSdl } = readSupergraph(sdl, { urls: { route: 'http://r:1/x' } });
    assert.deepEqual(Object.fromEntries(subgraphs.map(({ name, url }) => [name, url])), {
      fleet: 'http://127.0.0.1:4001/graphql',
      report: 'http://127.0.0.1:4003/graphql',
      route: 'http://r:1/x',
    });
    assert.match(executableSdl, /http:\/\/r:1\/x/);
  });

  test('refuses an address for a subgraph that it lacks', () => {
    assert.throws(
      () => readSupergraph(sdl, { urls: { rout: 'http://r' } }),
      /subgraphs fleet, report, route; got a URL for rout/,
    );
  });

  test('is told from an ordinary schema', () => {
    assert.throws(() => readSupergraph('type Query { x: Int }'), /no supergraph/);
  });

  test('has a hash that changes with it', () => {
    assert.notEqual(readSupergraph(sdl).hash, readSupergraph(`${sdl}\n# more`).hash);
  });
});
