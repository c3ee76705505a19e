/** Thrown when two steps do not tell the same: a faster wrong answer is none. */
export class DifferentAnswers extends Error {}

type Row = Readonly<Record<string, unknown>>;

const TOLERANCE = 1e-9;

/** Compares all rows of two answers; numbers may differ by what adding up in another order makes. */
export function assertSameRows(one: readonly Row[], other: readonly Row[]): void {
  if (one.length !== other.length) {
    throw new DifferentAnswers(`${one.length} rows here, ${other.length} there`);
  }
  for (const [index, row] of one.entries()) {
    const against = other[index] ?? {};
    for (const [key, value] of Object.entries(row)) {
      if (isSame(value, against[key])) continue;
      const text = `${String(value)} here, ${String(against[key])} there`;
      throw new DifferentAnswers(`Row ${index + 1}, ${key}: ${text}`);
    }
  }
}

function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'number' || typeof other !== 'number') return one === other;
  return Math.abs(one - other) <= TOLERANCE * Math.max(1, Math.abs(one));
}
