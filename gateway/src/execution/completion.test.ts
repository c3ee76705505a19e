import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GraphQLError } from 'graphql';
import { FAILED, INVALID } from './answer-node.ts';
import { Completion } from './completion.ts';

const where = (nonNull: boolean) => ({ key: 'name', nonNull, coordinate: 'Person.name' });
const errorAt = (...path: (string | number)[]) => new GraphQLError('told', { path });

/** A name that is null within the second person, with what subgraphs reported. */
function nullName(...reported: GraphQLError[]): (readonly (string | number)[] | undefined)[] {
  const completion = new Completion();
  completion.absent(null, where(true));
  completion.within(0, 1);
  completion.within(0, 'people');
  return completion.errors(reported).map(({ path }) => path);
}

describe('a completion', () => {
  test('tells where a null may not be, from the root', () => {
    assert.deepEqual(nullName(), [['people', 1, 'name']]);
  });

  test('tells nothing that an error at, above or below the place explains', () => {
    assert.deepEqual(nullName(errorAt('people', 1, 'name')), []);
    assert.deepEqual(nullName(errorAt('people')), []);
    assert.deepEqual(nullName(errorAt('people', 1, 'name', 'first')), []);
    assert.deepEqual(nullName(errorAt('people', 2, 'name')), [['people', 1, 'name']]);
  });

  test('tells apart what is null, missing, failed and not of its type', () => {
    const completion = new Completion();
    assert.equal(completion.absent(null, where(false)), false);
    assert.equal(completion.absent(FAILED, where(true)), true);
    assert.equal(completion.count, 0);
    assert.equal(completion.absent(undefined, where(false)), false);
    assert.equal(completion.absent(INVALID, where(true)), true);
    const messages = completion.errors([]).map(({ message }) => message);
    assert.match(messages[0] ?? '', /No subgraph answered Person.name/);
    assert.match(messages[1] ?? '', /not of its type/);
  });

  test('keeps a bounded number of findings', () => {
    const completion = new Completion();
    for (let index = 0; index < 5_000; index += 1) completion.absent(null, where(true));
    assert.equal(completion.count, 1_000);
  });
});
