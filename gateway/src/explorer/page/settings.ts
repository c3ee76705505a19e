/** What the page learns from `settings.json`; `../settings.ts` makes it. */
export type Settings = {
  readonly graphqlPath: string;
  /** The first is chosen when the page opens. */
  readonly callers: readonly Caller[];
};

/** Somebody as whom the page can call. */
export type Caller = {
  readonly id: string;
  readonly label: string;
  readonly kind: CallerKind;
  /** Null calls without a credential. */
  readonly header: { readonly name: string; readonly value: string } | null;
  readonly scopes: readonly string[];
  readonly examples: readonly Example[];
  /** Finds values for the examples' variables, in operations that this caller may run. */
  readonly lookups: readonly string[];
};

export type CallerKind = 'user' | 'driver' | 'partner' | 'anonymous';

export type Example = {
  readonly query: string;
  /** JSON; a string that is one of `PLACEHOLDERS` is replaced. */
  readonly variables: unknown;
};

export const PLACEHOLDERS = [
  '<depot>',
  '<report>',
  '<new key>',
  '<today>',
  '<yesterday>',
  '<a week ago>',
  '<a month ago>',
] as const;

export type Placeholder = (typeof PLACEHOLDERS)[number];

/** Loads them anew each time: the credentials are written again at every start. */
export async function loadSettings(): Promise<Settings> {
  const response = await fetch('/explorer/settings.json');
  if (!response.ok) throw new Error(`The settings answered ${response.status}`);
  return (await response.json()) as Settings;
}
