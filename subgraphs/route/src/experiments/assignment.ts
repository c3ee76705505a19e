import { createHash } from 'node:crypto';

/** The unit of an experiment: whose turn it is changes from day to day, and from depot to depot. */
export type DepotDay = {
  /** UUID of the depot. */
  readonly depotId: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
};

/**
 * The variant that plans a depot's day. Each is drawn as often as its weight says; the same
 * experiment key, depot and day give the same variant for ever, on every process. Weights are whole
 * and not negative, with a sum above zero: else it throws a RangeError.
 */
export function variantOfDay<V extends { readonly weight: number }>(
  experimentKey: string,
  { depotId, date }: DepotDay,
  variants: readonly V[],
): V {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  let left = fractionOf([experimentKey, depotId, date]) * total;
  for (const variant of variants) {
    if (left < variant.weight) return variant;
    left -= variant.weight;
  }
  throw new RangeError(`Variants need weights with a sum above 0, got ${total}`);
}

const BYTES = 6;

/** 0 or more and less than 1: the first 48 bits of the SHA-256 of the parts, a line each. */
function fractionOf(parts: readonly string[]): number {
  const hash = createHash('sha256').update(parts.join('\n')).digest();
  return hash.readUIntBE(0, BYTES) / 2 ** (8 * BYTES);
}
