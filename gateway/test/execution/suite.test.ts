import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isObjectType } from 'graphql';
import { sample } from 'fast-check';
import { ABSENT, RawJson, jsonText } from './faults/json-text.ts';
import { startHarbour } from './harbour/harbour.ts';
import { newWorld } from './harbour/world.ts';
import { operationOf } from './operations/operation.ts';
import { Tape, tapes } from './operations/tape.ts';
import { faultOfAnswer, faultOfPartialAnswer } from './verdict.ts';
import type { ErrorRule } from './verdict.ts';

/** The tests of this folder are only worth what they can find: here they are tested themselves. */
const harbour = startHarbour();

test('random operations are valid and reach every field of the API', async () => {
  const touched = new Set<string>();
  for (const choices of sample(tapes(400), { numRuns: 200, seed: 8 })) {
    const operation = operationOf(harbour.oracle.schema, () => new Tape(choices));
    const result = await harbour.oracle.execute(operation, newWorld());
    for (const coordinate of result.touched) touched.add(coordinate);
  }
  const missed = Object.values(harbour.apiSchema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || /^(__.*|Mutation|Relabelled)$/.test(type.name)) return [];
    const coordinates = Object.keys(type.getFields()).map((field) => `${type.name}.${field}`);
    return coordinates.filter((coordinate) => !touched.has(coordinate));
  });
  assert.deepEqual(missed, []);
});

test('a noisy text says the same as the quiet one, but for what nobody asked for', () => {
  const [choices = []] = sample(tapes(4_000), { numRuns: 1, seed: 7 });
  for (let offset = 0; offset < 200; offset += 1) {
    const noise = new Tape(choices.slice(offset));
    const scalar = { b: 'x/"\\\u2028🚢\ud800', a: [1.5, -0.25, 12, 1e21, null, true, {}] };
    assert.deepEqual(JSON.parse(jsonText(scalar, noise)), JSON.parse(JSON.stringify(scalar)));
    const object = Object.assign(Object.create(null) as object, { b: 1, a: scalar, c: ABSENT });
    const { a, b, ...rest } = JSON.parse(jsonText(object, noise)) as Record<string, unknown>;
    assert.deepEqual([a, b], [JSON.parse(JSON.stringify(scalar)), 1]);
    assert.equal('c' in rest, false);
  }
  assert.equal(jsonText([new RawJson('1e999')], null), '[1e999]');
});

type Errors = { message: string; path?: (string | number)[] }[];
const at = (...path: (string | number)[]): Errors => [{ message: 'x', path }];

test('the verdict finds what is silently null, invented, misplaced or out of order', () => {
  const expected = { data: { a: { b: null, c: 1 }, d: [null] } };
  const explained = { ...expected, errors: [...at('a', 'b'), ...at('d', 0, 'e')] };
  const verdict = (data: unknown, errors: Errors, rule: ErrorRule = 'exact') =>
    faultOfAnswer({ data, text: null, errors } as never, explained as never, rule);
  const right = [...at('a', 'b'), ...at('d', 0, 'e')];
  assert.equal(verdict(expected.data, right), null);
  assert.equal(verdict(expected.data, [...at('a'), ...at('d')], 'aggregated'), null);
  assert.match(verdict(expected.data, [...at('a'), ...at('d')]) ?? '', /null without an error/);
  assert.match(verdict(expected.data, at('a', 'b')) ?? '', /null without an error at \["d",0\]/);
  assert.match(verdict(expected.data, [...right, ...at('a', 'c')]) ?? '', /error without a null/);
  assert.match(verdict({ a: { c: 1, b: null }, d: [null] }, right) ?? '', /data differ/);
  assert.match(verdict({ a: { b: null, c: 2 }, d: [null] }, right) ?? '', /data differ/);
  assert.match(verdict(undefined, right) ?? '', /data differ/);
});

test('the verdict on partial answers takes nulls with errors, and nothing else', () => {
  const whole = { data: { a: [{ b: 1 }, { b: 2 }] } };
  const verdict = (data: unknown, errors: Errors) => faultOfPartialAnswer({ data, errors }, whole);
  assert.equal(verdict({ a: [null, { b: 2 }] }, at('a', 0, 'b')), null);
  assert.equal(verdict(null, [{ message: 'x' }]), null);
  assert.match(verdict({ a: [null, { b: 2 }] }, at('a', 1)) ?? '', /null without an error/);
  assert.match(verdict({ a: [{ b: 1 }, { b: 3 }] }, at('a')) ?? '', /another value/);
  assert.match(verdict({ a: [{ b: 1 }] }, at('a')) ?? '', /other keys/);
});
