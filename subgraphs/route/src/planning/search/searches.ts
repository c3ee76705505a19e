import type { Search } from '../planner.ts';
import { ils } from './ils.ts';
import { sisr } from './sisr.ts';

/** Every algorithm by its name. */
export const SEARCHES = { sisr, ils } satisfies Readonly<Record<string, Search>>;

export type SearchName = keyof typeof SEARCHES;
