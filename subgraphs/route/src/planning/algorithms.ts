import { SEARCHES } from './search/searches.ts';
import type { SearchName } from './search/searches.ts';

/** Every algorithm by the name it has in `OptimizationRun.algorithm`. */
export type AlgorithmName = SearchName;

export const ALGORITHMS = Object.keys(SEARCHES) as [AlgorithmName, ...AlgorithmName[]];

/** It leaves to `sisr` what it cannot do itself. */
export const DEFAULT_ALGORITHM: AlgorithmName = 'ils';

/** Of an island: the first is what was asked for, the others take the rest in turn. */
export function algorithmOfIsland(asked: AlgorithmName, island: number): AlgorithmName {
  const others = ALGORITHMS.filter((name) => name !== asked);
  return [asked, ...others][island % (others.length + 1)] ?? asked;
}
