import { sql } from '@mikro-orm/postgresql';
import type { Raw } from '@mikro-orm/postgresql';

/** All of the conditions, for a `where`. A condition that is null does not apply. */
export function allOf(conditions: readonly (Raw | null)[]): Raw {
  return conditions
    .filter((condition) => condition !== null)
    .reduce((all, condition) => sql`${all} and ${condition}`, sql`true`);
}

/** Matches any place of a text, ignoring case; what the caller typed is no pattern. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
