import type { Search } from '../planner.ts';
import { sisr } from './sisr.ts';

/** Every algorithm by its name. */
export const SEARCHES = { sisr } satisfies Readonly<Record<string, Search>>;

export type SearchName = keyof typeof SEARCHES;
