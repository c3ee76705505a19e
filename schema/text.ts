/**
 * True when PostgreSQL can store the text and JSON can carry it: no NUL character and no half of a
 * surrogate pair. GraphQL's own `String` lets both through, so every text of a client is checked.
 */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
