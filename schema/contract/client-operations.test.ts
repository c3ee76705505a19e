import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { parse, print } from 'graphql';
import { clientOperation, readOperations } from './client-operations.ts';
import { manifestOf } from './manifest.ts';

const source = 'query Sample { viewer { ...Names } } fragment Names on Viewer { scopes }';

test('a manifest holds the printed document with its fragments, under its SHA-256', () => {
  const operation = clientOperation({ client: 'web', file: 'Sample.graphql', source });
  const [entry] = manifestOf([operation]).operations;
  const body = print(parse(source));
  assert.deepEqual(entry, {
    id: createHash('sha256').update(body).digest('hex'),
    name: 'Sample',
    type: 'query',
    body,
  });
});

test('a file needs one operation of its own name', () => {
  const refused = {
    'query Other { viewer { scopes } }': /needs an operation of the file's name, got Other/,
    '{ viewer { scopes } }': /got none/,
    'query Sample { a } query Other { b }': /exactly one operation, got 2/,
    'fragment F on Viewer { scopes }': /exactly one operation, got 0/,
  };
  for (const [text, reason] of Object.entries(refused)) {
    assert.throws(
      () => clientOperation({ client: 'web', file: 'Sample.graphql', source: text }),
      reason,
    );
  }
});

test('the operations of a client come by name', () => {
  const names = readOperations('driver').map(({ name }) => name);
  assert.deepEqual(names, names.toSorted());
  assert.ok(names.includes('DriverDay'));
});
