/** How long and for whom an answer may be kept. */
export type CachePolicy = { maxAge: number; scope?: 'PUBLIC' | 'PRIVATE' };

/** Reads `Cache-Control`. An answer that says nothing, or no-store, may not be kept at all. */
export function cachePolicyOf(header: string | undefined): CachePolicy {
  const directives = new Map(
    (header ?? '').split(',').map((part) => {
      const [name = '', value = ''] = part.trim().toLowerCase().split('=');
      return [name, value] as const;
    }),
  );
  const maxAge = directives.get('max-age') ?? '';
  const isStorable = /^\d+$/.test(maxAge) && !directives.has('no-store');
  return {
    maxAge: isStorable ? Number(maxAge) : 0,
    ...(directives.has('private') ? { scope: 'PRIVATE' } : {}),
    ...(directives.has('public') ? { scope: 'PUBLIC' } : {}),
  };
}
