import { failure } from '@quantumroute/ops/failures';
import { Kind, Lexer, Source, TokenKind } from 'graphql';
import type { DocumentNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';

/** How large an operation may be. Each figure counts fragments where they are used. */
export type Limits = {
  tokens: number;
  depth: number;
  aliases: number;
  rootFields: number;
  directives: number;
  /** Fields and fragments, after opening: bounds all other work on the operation. */
  selections: number;
  /** See `estimateCost`. */
  cost: number;
  /** Items of a list whose size neither `@listSize` nor an argument tells. */
  assumedListSize: number;
};

/** Throws OPERATION_TOO_EXPENSIVE when a figure is above its limit. */
export function checkLimit(
  name: Exclude<keyof Limits, 'assumedListSize'>,
  { found, allowed }: { found: number; allowed: number },
): void {
  if (found <= allowed) return;
  throw failure(
    'OPERATION_TOO_EXPENSIVE',
    `The operation's ${name} must be at most ${allowed}, got ${found}`,
    { limit: { name, allowed, found } },
  );
}

/** Counts tokens before anything is parsed; it stops at the first one too many. */
export function checkTokens(source: string, { tokens: allowed }: Limits): void {
  const lexer = new Lexer(new Source(source));
  try {
    for (let found = 1; lexer.advance().kind !== TokenKind.EOF; found += 1) {
      if (found > allowed) checkLimit('tokens', { found, allowed });
    }
  } catch (error) {
    // What is no token at all is the parser's to explain.
    if (!(error instanceof Error) || error.message.startsWith('Syntax Error')) return;
    throw error;
  }
}

/** Checks what can be seen without a schema: it runs before validation, which can be made slow. */
export function checkShape(document: DocumentNode, limits: Limits): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const count: Count = { selections: 0, aliases: 0, directives: 0 };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    count.directives += definition.directives?.length ?? 0;
    const rootFields = visitSelections(definition.selectionSet, 1, { fragments, count, limits });
    checkLimit('rootFields', { found: rootFields, allowed: limits.rootFields });
  }
}

type Count = { selections: number; aliases: number; directives: number };

/** Gives the number of fields at this level. */
function visitSelections(
  { selections }: SelectionSetNode,
  depth: number,
  around: {
    fragments: ReadonlyMap<string, FragmentDefinitionNode>;
    count: Count;
    limits: Limits;
    open?: ReadonlySet<string>;
  },
): number {
  const { fragments, count, limits, open = new Set<string>() } = around;
  checkLimit('depth', { found: depth, allowed: limits.depth });
  let fields = 0;
  for (const selection of selections) {
    count.selections += 1;
    count.directives += selection.directives?.length ?? 0;
    if (selection.kind === Kind.FIELD) {
      fields += 1;
      if (selection.alias) count.aliases += 1;
      if (selection.selectionSet) visitSelections(selection.selectionSet, depth + 1, around);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      fields += visitSelections(selection.selectionSet, depth, around);
    } else {
      const name = selection.name.value;
      const fragment = fragments.get(name);
      // A fragment inside itself is the validator's to refuse.
      if (fragment && !open.has(name)) {
        const inside = { ...around, open: new Set(open).add(name) };
        fields += visitSelections(fragment.selectionSet, depth, inside);
      }
    }
    for (const name of ['selections', 'aliases', 'directives'] as const) {
      checkLimit(name, { found: count[name], allowed: limits[name] });
    }
  }
  return fields;
}
