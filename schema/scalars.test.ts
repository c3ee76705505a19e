import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseValue } from 'graphql';
import { JSON_LIMITS } from './json-limits.ts';
import { jsonScalars, scalars } from './scalars.ts';

const { DateTime, LocalDate, Currency, SafeInt, URL: Url } = scalars;
const { JSONObject } = jsonScalars;

/** The value as a variable and as a literal: both ways in have to agree. */
function bothWays(scalar: typeof LocalDate | typeof DateTime, text: string) {
  return {
    variable: () => scalar.parseValue(text),
    literal: () => scalar.parseLiteral(parseValue(JSON.stringify(text)), {}),
  };
}

test('an instant is read in any zone and written in UTC', () => {
  for (const read of Object.values(bothWays(DateTime, '2026-11-23T06:30:00.25+01:00'))) {
    const instant = read();
    assert.ok(instant instanceof Date);
    assert.equal(DateTime.serialize(instant), '2026-11-23T05:30:00.250Z');
  }
});

test('an instant that does not exist is refused', () => {
  const impossible = [
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-23T24:01:00Z',
    '2026-11-23T23:59:60Z',
    '2026-11-23T05:00:00',
    '2026-11-23',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-01:00',
    '',
    'yesterday',
  ];
  for (const text of impossible) {
    for (const read of Object.values(bothWays(DateTime, text))) assert.throws(read, text);
  }
  assert.throws(() => DateTime.parseValue(1_700_000_000_000));
});

test('a day that is not in the calendar is refused', () => {
  for (const text of [
    '2026-02-29',
    '2026-11-31',
    '0000-01-01',
    '2026-1-1',
    '2026-11-23T00:00:00Z',
  ]) {
    for (const read of Object.values(bothWays(LocalDate, text))) assert.throws(read, text);
  }
  for (const read of Object.values(bothWays(LocalDate, '2028-02-29'))) {
    assert.equal(read(), '2028-02-29');
  }
});

test('a currency is an ISO 4217 code in upper case', () => {
  assert.equal(Currency.parseValue('EUR'), 'EUR');
  for (const text of ['eur', 'EURO', '', '€']) assert.throws(() => Currency.parseValue(text), text);
});

test('a whole number is exact up to 2^53 - 1', () => {
  assert.equal(SafeInt.parseValue(Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
  for (const value of [2 ** 53, 1.5, Number.NaN, Infinity, '1']) {
    assert.throws(() => SafeInt.parseValue(value), String(value));
  }
});

test('a URL is absolute and http or https', () => {
  for (const read of Object.values(bothWays(Url, 'https://example.com/a?b=1'))) {
    assert.equal(read(), 'https://example.com/a?b=1');
  }
  for (const text of ['/a', 'javascript:alert(1)', 'file:///etc/passwd', 'example.com', '']) {
    for (const read of Object.values(bothWays(Url, text))) assert.throws(read, text);
  }
});

test('a JSON object passes as it is', () => {
  const object = { depotIds: ['a', 'b'], ratio: 0.5, nested: { on: true, none: null } };
  assert.deepEqual(JSONObject.parseValue(object), object);
  assert.deepEqual(
    { ...JSONObject.parseLiteral(parseValue('{ a: 1, b: ["x"] }'), {}) },
    { a: 1, b: ['x'] },
  );
});

test('a JSON object that is too deep, too big or not storable is refused', () => {
  const deep: unknown = JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`);
  const bad: unknown[] = [
    deep,
    { a: 'x'.repeat(JSON_LIMITS.characters + 1) },
    { a: Array.from({ length: JSON_LIMITS.values + 1 }, () => 1) },
    { a: 'nul \0' },
    { a: 'half \uD83D' },
    { 'key \0': 1 },
    JSON.parse('{"__proto__": {"admin": true}}'),
    [],
    'text',
    null,
  ];
  for (const value of bad) assert.throws(() => JSONObject.parseValue(value));
  assert.throws(() => JSONObject.parseLiteral(parseValue('{ a: 1e999 }'), {}), /finite/);
});
