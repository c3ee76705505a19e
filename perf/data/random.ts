/** Numbers that look random and are the same on every machine for the same seed. */
export type Random = {
  /** 0 up to, but without, 1. */
  next(): number;
  between(low: number, high: number): number;
  /** Both ends included. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  normal(mean: number, deviation: number): number;
  /** A factor around 1 with a long upper tail. */
  factor(spread: number): number;
};

/** A generator of its own for each seed, such as `CHI-N/2026-11-22`. */
export function createRandom(seed: string): Random {
  const next = smallFastCounter(seed);
  const normal = (mean: number, deviation: number): number =>
    mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const integer = (low: number, high: number): number =>
    low + Math.floor(next() * (high - low + 1));
  return {
    next,
    integer,
    normal,
    between: (low, high) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    pick: (list) => list[integer(0, list.length - 1)] ?? list[0],
    factor: (spread) => Math.exp(normal(0, spread)),
  };
}

// sfc32 of the PractRand suite: passes its tests, four words of state, no multiplication.
function smallFastCounter(seed: string): () => number {
  let [a, b, c, counter] = seedWords(seed);
  const step = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round += 1) step();
  return step;
}

function seedWords(seed: string): [number, number, number, number] {
  return [hash(seed, 0x9e3779b9), hash(seed, 0x85ebca6b), hash(seed, 0xc2b2ae35), 1];
}

// FNV-1a with a basis of one's own.
function hash(text: string, basis: number): number {
  let value = basis;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value | 0;
}
