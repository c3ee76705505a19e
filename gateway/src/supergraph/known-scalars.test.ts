import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema, parse, validate } from 'graphql';
import { teachScalars } from './known-scalars.ts';

const schemaOf = (description: string) => {
  const schema = buildSchema(`
    """${description}"""
    scalar LocalDate
    type Query { day(is: LocalDate): Int }
  `);
  teachScalars(schema);
  return schema;
};

const problemsOf = (description: string, literal: string) =>
  validate(schemaOf(description), parse(`{ day(is: ${literal}) }`)).map(({ message }) => message);

test('a literal that a scalar of ours cannot be is refused by validation', () => {
  const ours = 'ISO 8601 calendar date without a zone.';
  assert.deepEqual(problemsOf(ours, '"2026-02-28"'), []);
  assert.match(problemsOf(ours, '"2026-02-30"')[0] ?? '', /not a valid LocalDate: 2026-02-30/);
  assert.match(problemsOf(ours, '20260228')[0] ?? '', /strings as local dates/);
});

test('a scalar of the same name that means something else is left as it is', () => {
  assert.deepEqual(problemsOf('A day and a month.', '"30-02"'), []);
});
