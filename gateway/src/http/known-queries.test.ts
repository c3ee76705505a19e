import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Kind, parse } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import { createKnownQueries } from './known-queries.ts';
import type { KnownQuery } from './known-queries.ts';

function queryOf(text: string, contentType = 'application/json'): KnownQuery {
  const document = parse(text);
  const [operation] = document.definitions as OperationDefinitionNode[];
  assert.equal(operation?.kind, Kind.OPERATION_DEFINITION);
  return {
    document,
    operation,
    operationName: null,
    queryHash: text,
    characters: text.length,
    contentType,
    measure: () => undefined,
  };
}

const bodyOf = (request: object) => Buffer.from(JSON.stringify(request));

describe('known queries', () => {
  test('are held once for all groups, each of which is answered in its own form', () => {
    const queries = createKnownQueries();
    const query = '{ motto }';
    const body = bodyOf({ query });
    queries.learn(body, 'a', queryOf(query));
    assert.equal(queries.recognise(body, 'b'), undefined);
    queries.learn(body, 'b', queryOf(query, 'application/graphql-response+json'));
    const [a, b] = [queries.recognise(body, 'a'), queries.recognise(body, 'b')];
    assert.equal(a?.document, b?.document);
    assert.equal(a?.contentType, 'application/json');
    assert.equal(b?.contentType, 'application/graphql-response+json');
  });

  test('are not taken for those that another client calls by the same identifier', () => {
    const queries = createKnownQueries();
    const body = bodyOf({ extensions: { persistedQuery: { version: 1, sha256Hash: 'mine' } } });
    queries.learn(body, 'a', queryOf('{ motto }'));
    queries.learn(body, 'b', queryOf('{ secret }'));
    assert.equal(queries.recognise(body, 'a'), undefined);
    assert.equal(queries.recognise(body, 'b')?.queryHash, '{ secret }');
  });

  test('are forgotten before their documents take too much memory', () => {
    const queries = createKnownQueries();
    const bodies = Array.from({ length: 200 }, (_, index) => {
      const sha256Hash = String(index);
      const body = bodyOf({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
      queries.learn(body, 'a', { ...queryOf('{ motto }'), characters: 50_000 });
      return body;
    });
    const known = bodies.filter((body) => queries.recognise(body, 'a'));
    assert.ok(known.length > 5 && known.length <= 20, `${known.length}`);
    assert.ok(queries.recognise(bodies.at(-1) ?? Buffer.alloc(0), 'a'));
  });
});
