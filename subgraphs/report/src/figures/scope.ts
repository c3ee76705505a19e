/** Whose facts are counted. The organization always narrows; everything else narrows further. */
export type Scope = {
  readonly organizationId: string;
  readonly narrow: Narrowing;
  /** The experiment whose variants are compared; what they planned is counted of no other. */
  readonly experimentId?: string;
};

export type Narrowing =
  | { readonly by: 'organization' }
  | { readonly by: 'depot' | 'vehicle' | 'driver' | 'partner'; readonly id: string };
