import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fromByteText, toByteText } from '../byte-text.ts';
import type { ByteText } from '../byte-text.ts';
import { AnswerScanner, UNEXPECTED } from './answer-scanner.ts';

type Method = 'string' | 'int' | 'float' | 'boolean' | 'id' | 'any';

function scan(method: Method, text: string): string | null | Error {
  const scanner = new AnswerScanner();
  const scanned = toByteText(`${text},`);
  scanner.begin(scanned, 0);
  try {
    const value = scanner[method]();
    return scanner.at === scanned.length - 1
      ? value && fromByteText(value as ByteText)
      : UNEXPECTED;
  } catch (error) {
    assert.equal(error, UNEXPECTED);
    return UNEXPECTED;
  }
}

const TEXTS: Record<Method, { taken: string[]; refused: string[] }> = {
  string: {
    taken: [
      '""',
      '"a"',
      '"ä 漢 😀"',
      '"\\""',
      '"\\\\"',
      '"\\u00e4\\n"',
      '"\\ud83d\\ude00"',
      'null',
    ],
    refused: ['"', '"\n"', '"\u0000"', '"\\x"', '"\\u00g0"', '"\\"', '7', 'true', '[]', 'nul'],
  },
  int: {
    taken: ['0', '-1', '123456789', 'null'],
    refused: ['01', '-', '1.0', '1e3', '2147483648', '"1"', 'true'],
  },
  float: {
    taken: ['0', '-0.5', '1e3', '1.25E-7', '12345678901234567890', 'null'],
    refused: ['01', '.5', '1.', '1e', '1e999', '-', '+1', '"1"'],
  },
  boolean: { taken: ['true', 'false', 'null'], refused: ['tru', '0', '"true"'] },
  id: { taken: ['"x"', 'null'], refused: ['1.5', 'true', '{}'] },
  any: {
    taken: ['1', '"x"', 'null', 'true', '[]', '{}', '[1,[2,{"a":null}]]', '{"a":{"b":[]},"c":"]"}'],
    refused: ['[1,]', '[,1]', '{"a"}', '{a:1}', '{"a":1,}', '[1', '{"a":1]', '[1 ]', ''],
  },
};

describe('a scanner', () => {
  for (const method of ['string', 'int', 'float', 'boolean', 'id', 'any'] as const) {
    const { taken, refused } = TEXTS[method];
    test(`takes the texts that are ${method}`, () => {
      for (const text of taken) {
        assert.equal(scan(method, text), text === 'null' ? null : text, text);
        assert.doesNotThrow(() => JSON.parse(text) as unknown);
      }
    });
    test(`takes nothing else for ${method}`, () => {
      for (const text of refused) assert.equal(scan(method, text), UNEXPECTED, text);
    });
  }

  test('makes a string of an id that came as a number', () => {
    assert.equal(scan('id', '17'), '"17"');
  });

  test('gives up on a value that is too deep', () => {
    assert.equal(scan('any', `${'['.repeat(5_000)}${']'.repeat(5_000)}`), UNEXPECTED);
  });
});
