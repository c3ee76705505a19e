/** Names that GraphQL allows and JavaScript gives a meaning to. */
export const TREACHEROUS_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'then',
  'toJSON',
  'valueOf',
  'prototype',
  'length',
  'arguments',
  'await',
  'null',
  'true',
  '__typename_',
  '_entities',
  'representations',
  '_',
] as const;

/** Texts that are no longer themselves once somebody forgets to escape them. */
export const TREACHEROUS_TEXTS = [
  '',
  'plain',
  '"',
  '\\',
  '\\"',
  '\\u0041',
  '\u2028\u2029',
  '${process.exit(1)}',
  '`',
  "'",
  '*/ // <!--',
  '</script>',
  '__proto__',
  'constructor',
  '\u0000\u0001\u001f\u007f',
  '\r\n\t\b\f',
  '🚢 Öre 船',
  '"}]},"errors":[{"message":"x',
  '{"a":[1,2',
  'null',
  '1e5',
] as const;

/** Half of a character: possible in variables, not in a document. */
export const LONE_SURROGATES = ['\ud83d', '\udea2', 'x\udea2\ud83dx'] as const;
