/** JSON that stands in a value as it is. */
export class RawJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A property with this value is left out. */
export const ABSENT = Symbol('absent');

/** How far a text may be from what `JSON.stringify` makes, and yet say the same. */
export type Noise = {
  /** Gives a whole number from 0 to `bound` - 1. */
  next: (bound: number) => number;
};

/**
 * Writes JSON. With noise it has spaces, escapes where none are needed, other forms of numbers, and
 * for GraphQL's objects (they have no prototype) keys in any order and some that nobody asked for.
 */
export function jsonText(value: unknown, noise: Noise | null): string {
  if (noise === null) return quiet(value);
  return noisy(value, noise);
}

function quiet(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (Array.isArray(value)) return `[${value.map(quiet).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, inner]) => isWritten(inner));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${quiet(inner)}`).join()}}`;
}

function isWritten(value: unknown): boolean {
  return value !== ABSENT && value !== undefined;
}

function noisy(value: unknown, noise: Noise): string {
  const text = noisyToken(value, noise);
  return space(noise) + text + space(noise);
}

function noisyToken(value: unknown, noise: Noise): string {
  if (value instanceof RawJson) return value.text;
  if (typeof value === 'string') return noisyString(value, noise);
  if (typeof value === 'number') return noisyNumber(value, noise);
  if (Array.isArray(value)) {
    return `[${value.length === 0 ? space(noise) : value.map((item) => noisy(item, noise)).join()}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isScalar = Object.getPrototypeOf(value) !== null;
  const pairs = Object.entries(value)
    .filter(([, inner]) => isWritten(inner))
    .map(
      ([key, inner]) =>
        `${space(noise)}${noisyString(key, noise)}${space(noise)}:${noisy(inner, noise)}`,
    );
  if (!isScalar && noise.next(4) === 0) pairs.push(extraPair(noise));
  if (!isScalar && noise.next(3) === 0) shuffle(pairs, noise);
  return `{${pairs.length === 0 ? space(noise) : pairs.join()}}`;
}

const SPACES = ['', '', '', '', '', ' ', '\n', '\t\r\n  '];

function space(noise: Noise): string {
  return SPACES[noise.next(SPACES.length)] ?? '';
}

function noisyString(value: string, noise: Noise): string {
  const text = JSON.stringify(value);
  if (noise.next(6) > 0) return text;
  const units = Array.from({ length: value.length }, (_, index) => {
    const isEscaped = noise.next(3) === 0;
    const plain = JSON.stringify(value.charAt(index)).slice(1, -1);
    const isHalf = plain.startsWith('\\ud');
    return isEscaped && !isHalf
      ? unicodeEscape(value.charCodeAt(index), noise)
      : value.charAt(index);
  });
  const inner = units.map((unit) => (unit.length > 1 ? unit : escapeUnit(unit))).join('');
  return `"${inner}"`;
}

function unicodeEscape(unit: number, noise: Noise): string {
  if (unit === 0x2f && noise.next(2) === 0) return '\\/';
  const hex = unit.toString(16).padStart(4, '0');
  return `\\u${noise.next(2) === 0 ? hex : hex.toUpperCase()}`;
}

// One half of a pair stays as it is when its other half follows, so that the pair is one character.
function escapeUnit(unit: string): string {
  return /[\ud800-\udfff]/.test(unit)
    ? `\\u${unit.charCodeAt(0).toString(16)}`
    : JSON.stringify(unit).slice(1, -1);
}

function noisyNumber(value: number, noise: Noise): string {
  const text = JSON.stringify(value);
  if (noise.next(4) > 0 || !/^-?\d+(\.\d+)?$/.test(text)) return text;
  const forms = text.includes('.')
    ? [`${text}0`, `${text}e0`, `${text}E+00`]
    : [`${text}.0`, `${text}e0`, `${text}.00E-0`];
  return forms[noise.next(forms.length)] ?? text;
}

const EXTRAS = [
  '"zz":{"a":[{"b":"}]\\"{"}],"c":-1.5e-3}',
  '"__zz":"\\\\\\"\\u0022"',
  '"":[[],{},[[{}]],null,true,false]',
  '"constructor ":{"":{"":{"":0}}}',
];

function extraPair(noise: Noise): string {
  return EXTRAS[noise.next(EXTRAS.length)] ?? '"z":1';
}

function shuffle(pairs: string[], noise: Noise): void {
  for (let index = pairs.length - 1; index > 0; index -= 1) {
    const other = noise.next(index + 1);
    [pairs[index], pairs[other]] = [pairs[other] ?? '', pairs[index] ?? ''];
  }
}
