import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createGeneratedCode, nameIn, textIn } from './generated-code.ts';

describe('generated code', () => {
  test('takes names of GraphQL and nothing else for names', () => {
    assert.equal(nameIn('_a9'), '_a9');
    for (const text of ['', '9a', 'a-b', 'a b', 'a"', 'ä', 'a\n', 'a;b']) {
      assert.throws(() => nameIn(text), /not a name/);
    }
  });

  test('holds texts that mean themselves', () => {
    const nasty = '"\\`${1}\n\u2028</script>\u0000';
    const code = createGeneratedCode();
    code.add(`const text = ${textIn(nasty)};`);
    assert.equal(code.compile('text'), nasty);
  });

  test('knows a constant under one name', () => {
    const code = createGeneratedCode();
    const value = {};
    assert.equal(code.constant(value), code.constant(value));
    assert.equal(code.compile(code.constant(value)), value);
  });

  test('is bounded', () => {
    const code = createGeneratedCode({ maxCharacters: 20 });
    code.add('const a = 1;');
    assert.throws(() => code.add('const b = 2;'), /too many different selections/);
  });
});
