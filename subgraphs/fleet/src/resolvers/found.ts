/** What a foreign key promises to exist. */
export function found<T>(value: T | null, what: string): T {
  if (value !== null) return value;
  throw new Error(`A row refers to a ${what} that does not exist`);
}
