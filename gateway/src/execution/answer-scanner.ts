import type { ByteText } from '../byte-text.ts';
import type { AnswerNode } from './answer-node.ts';
import type { LeafKind } from './leaf.ts';

/**
 * Thrown where an answer is not as expected: then it is read by the general reader. There is one for
 * all, since making the stack of an error costs more than reading an answer.
 */
export const UNEXPECTED = new Error('An answer is not as expected');

/**
 * Reads values of a JSON text, one after the other, without making more of them than slices of that
 * text. Everything that it takes is checked to be JSON, as strictly as by `JSON.parse`; what is
 * right but unusual, such as white space, is UNEXPECTED too.
 */
export class AnswerScanner {
  text = '' as ByteText;
  /** The text as bytes, in which the engine finds a character sooner; NUL ends it. */
  bytes: Buffer = Buffer.alloc(1);
  at = 0;
  #kept: Buffer = Buffer.alloc(16_384);
  /** For each place of the answer the references that were met there, by key. */
  readonly #references = new Map<number, Map<string, AnswerNode>>();

  /** Begins with another text. */
  begin(text: ByteText, at: number): void {
    this.text = text;
    this.bytes = this.#roomFor(text.length + 1);
    this.bytes.write(text, 'latin1');
    this.bytes[text.length] = 0;
    this.at = at;
    this.#references.clear();
  }

  /** The same bytes for one text after the other, unless they are many. */
  #roomFor(length: number): Buffer {
    if (length <= this.#kept.length) return this.#kept;
    const room = Buffer.allocUnsafeSlow(2 * length);
    if (room.length <= MOST_KEPT_BYTES) this.#kept = room;
    return room;
  }

  references(place: number): Map<string, AnswerNode> {
    let known = this.#references.get(place);
    if (!known) this.#references.set(place, (known = new Map()));
    return known;
  }

  /** A string, as its text with quotes; null for null. */
  string(): string | null {
    const { bytes } = this;
    const start = this.at;
    if (bytes[start] !== QUOTE) return this.null();
    let at = start + 1;
    for (;;) {
      const code = codeAt(bytes, at);
      if (code === QUOTE) break;
      if (code === BACKSLASH) at = this.#escape(at);
      else if (code < SPACE) throw UNEXPECTED;
      at += 1;
    }
    this.at = at + 1;
    return this.text.slice(start, at + 1);
  }

  /** An integer of 32 bits, null, and nothing else. */
  int(): string | null {
    const { text, bytes } = this;
    const start = this.at;
    let at = start;
    if (bytes[at] === MINUS) at += 1;
    const digits = at;
    while (isDigit(codeAt(bytes, at))) at += 1;
    const length = at - digits;
    if (length === 0) return this.null();
    // Longer ones may be out of bounds, and zeros in front are not JSON.
    if (length > 9 || (length > 1 && bytes[digits] === ZERO)) throw UNEXPECTED;
    this.at = at;
    return text.slice(start, at);
  }

  /** A number. */
  float(): string | null {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    while (isOfNumber(codeAt(bytes, at))) at += 1;
    if (at === start) return this.null();
    const slice = this.text.slice(start, at);
    if (!NUMBER.test(slice) || !Number.isFinite(Number(slice))) throw UNEXPECTED;
    this.at = at;
    return slice;
  }

  /** The name of a type. */
  name(): string {
    const name = this.string();
    if (name === null || name.includes('\\')) throw UNEXPECTED;
    return name.slice(1, -1);
  }

  boolean(): string | null {
    const code = codeAt(this.bytes, this.at);
    if (code === LETTER_T) return this.#word('true');
    if (code === LETTER_F) return this.#word('false');
    return this.null();
  }

  /** A string, or a number that becomes one. */
  id(): string | null {
    if (this.bytes[this.at] === QUOTE) return this.string();
    const number = this.int();
    return number && `"${number}"`;
  }

  /** One of these texts with their quotes. */
  enum(values: ReadonlySet<string>): string | null {
    const value = this.string();
    if (value !== null && !values.has(value)) throw UNEXPECTED;
    return value;
  }

  /** Any value. */
  any(): string | null {
    const code = codeAt(this.bytes, this.at);
    if (code === QUOTE) return this.string();
    if (code === LETTER_T || code === LETTER_F || code === LETTER_N) return this.boolean();
    const start = this.at;
    this.skip();
    return this.text.slice(start, this.at);
  }

  isNull(): boolean {
    return this.bytes[this.at] === LETTER_N;
  }

  /** The end of an answer after its data; extensions are passed over. */
  end(): void {
    if (this.text.startsWith(EXTENSIONS, this.at)) {
      this.at += EXTENSIONS.length;
      this.skip();
    }
    this.expect(BRACE_END);
    if (this.at !== this.text.length && this.text.slice(this.at).trim() !== '') throw UNEXPECTED;
  }

  null(): null {
    this.#word('null');
    return null;
  }

  /** Goes over a value of any kind, however deep. */
  skip(depth = 0): void {
    if (depth > MOST_LEVELS) throw UNEXPECTED;
    const code = codeAt(this.bytes, this.at);
    if (code === BRACE) return this.#skipItems({ end: BRACE_END, isObject: true, depth });
    if (code === BRACKET) return this.#skipItems({ end: BRACKET_END, isObject: false, depth });
    if (code === QUOTE) this.string();
    else if (isDigit(code) || code === MINUS) this.float();
    else this.boolean();
  }

  #skipItems({ end, isObject, depth }: { end: number; isObject: boolean; depth: number }): void {
    this.at += 1;
    if (this.bytes[this.at] === end) {
      this.at += 1;
      return;
    }
    for (;;) {
      if (isObject) {
        if (this.string() === null) throw UNEXPECTED;
        this.expect(COLON);
      }
      this.skip(depth + 1);
      const code = codeAt(this.bytes, this.at);
      this.at += 1;
      if (code === end) return;
      if (code !== COMMA) throw UNEXPECTED;
    }
  }

  /** Goes over one character, which has to be this. */
  expect(code: number): void {
    if (this.bytes[this.at] !== code) throw UNEXPECTED;
    this.at += 1;
  }

  #word(word: string): string {
    if (!this.text.startsWith(word, this.at)) throw UNEXPECTED;
    this.at += word.length;
    return word;
  }

  /** Gives the last character of an escape that begins at `at`. */
  #escape(at: number): number {
    const { text, bytes } = this;
    const code = codeAt(bytes, at + 1);
    if (code !== LETTER_U) {
      if (!ESCAPED.has(code)) throw UNEXPECTED;
      return at + 1;
    }
    if (!/^[\da-f]{4}$/i.test(text.slice(at + 2, at + 6))) throw UNEXPECTED;
    return at + 5;
  }
}

/** The method of a scanner that reads leaves of a kind. */
export function scanMethod({ kind }: LeafKind): keyof AnswerScanner {
  switch (kind) {
    case 'Int':
      return 'int';
    case 'Float':
      return 'float';
    case 'String':
      return 'string';
    case 'Boolean':
      return 'boolean';
    case 'ID':
      return 'id';
    case 'enum':
      return 'enum';
    case 'any':
      return 'any';
  }
}

const EXTENSIONS = ',"extensions":';
const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const COMMA = 44;
const BRACE = 123;
const BRACE_END = 125;
const BRACKET = 91;
const BRACKET_END = 93;
const LETTER_F = 102;
const LETTER_N = 110;
const LETTER_T = 116;
const LETTER_U = 117;
const ESCAPED = new Set(Array.from('"\\/bfnrt', (character) => character.charCodeAt(0)));
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const MOST_LEVELS = 200;
const MOST_KEPT_BYTES = 2_000_000;

/** NUL also behind the end. */
function codeAt(bytes: Buffer, at: number): number {
  return bytes[at] ?? 0;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** Digits, signs, the point and the exponent. */
function isOfNumber(code: number): boolean {
  return isDigit(code) || code === 43 || code === MINUS || code === 46 || (code | 32) === 101;
}
