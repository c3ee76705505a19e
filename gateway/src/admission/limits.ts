import { failure } from '@quantumroute/ops/failures';
import { Kind, Lexer, Source, TokenKind } from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLError,
  SelectionSetNode,
} from 'graphql';

/** How large an operation may be. Each figure counts fragments where they are used. */
export type Limits = {
  tokens: number;
  depth: number;
  aliases: number;
  rootFields: number;
  directives: number;
  /** Fields under a name that their level has already: validation compares each with each. */
  repeats: number;
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

/** Counts tokens before anything is parsed; it stops at the first one too many, or too deep. */
export function checkTokens(source: string, { tokens: allowed }: Limits): void {
  const lexer = new Lexer(new Source(source));
  let open = 0;
  try {
    for (let found = 1; lexer.advance().kind !== TokenKind.EOF; found += 1) {
      if (found > allowed) checkLimit('tokens', { found, allowed });
      open += NESTING[lexer.token.kind] ?? 0;
      if (open > MOST_NESTED) throw nestedTooDeeply('document');
    }
  } catch (error) {
    // What is no token at all is the parser's to explain.
    if (!(error instanceof Error) || error.message.startsWith('Syntax Error')) return;
    throw error;
  }
}

/** Variables are walked through by calls within calls, as documents are. */
export function checkNesting(variables: unknown): void {
  if (isDeeper(variables, MOST_NESTED)) throw nestedTooDeeply('variables');
}

/** Checks what can be seen without a schema: it runs before validation, which can be made slow. */
export function checkShape(document: DocumentNode, limits: Limits): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const count: Count = {
    selections: 0,
    aliases: 0,
    directives: 0,
    repeats: 0,
    opened: new Set(),
  };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    count.directives += definition.directives?.length ?? 0;
    const rootFields = visitSelections(definition.selectionSet, 1, { fragments, count, limits });
    checkLimit('rootFields', { found: rootFields, allowed: limits.rootFields });
  }
  // What no operation uses is refused by validation, which has to go through it all the same.
  for (const { name, selectionSet } of fragments.values()) {
    if (!count.opened.has(name.value))
      visitSelections(selectionSet, 1, { fragments, count, limits });
  }
}

// Far above what anybody needs, far below what overflows the stack of parser and printers.
const MOST_NESTED = 100;

const NESTING: Partial<Record<string, 1 | -1>> = {
  [TokenKind.BRACE_L]: 1,
  [TokenKind.BRACE_R]: -1,
  [TokenKind.BRACKET_L]: 1,
  [TokenKind.BRACKET_R]: -1,
};

function nestedTooDeeply(what: string): GraphQLError {
  const message = `The ${what} must not be nested more than ${MOST_NESTED} levels deep`;
  return failure('OPERATION_TOO_EXPENSIVE', message, {
    limit: { name: 'nesting', allowed: MOST_NESTED },
  });
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

type Count = {
  selections: number;
  aliases: number;
  directives: number;
  repeats: number;
  /** Names of the fragments that are used. */
  opened: Set<string>;
};

/** Gives the number of fields at this level. */
function visitSelections(
  { selections }: SelectionSetNode,
  depth: number,
  around: {
    fragments: ReadonlyMap<string, FragmentDefinitionNode>;
    count: Count;
    limits: Limits;
    open?: ReadonlySet<string>;
    /** The fields behind each name of the answer at this level. */
    names?: Map<string, Set<FieldNode>>;
  },
): number {
  const { fragments, count, limits, open = new Set(), names = new Map() } = around;
  checkLimit('depth', { found: depth, allowed: limits.depth });
  let fields = 0;
  for (const selection of selections) {
    count.selections += 1;
    count.directives += selection.directives?.length ?? 0;
    if (selection.kind === Kind.FIELD) {
      fields += 1;
      if (selection.alias) count.aliases += 1;
      if (isRepeated(names, selection)) count.repeats += 1;
      const below = { fragments, count, limits, open };
      if (selection.selectionSet) visitSelections(selection.selectionSet, depth + 1, below);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      fields += visitSelections(selection.selectionSet, depth, { ...around, names });
    } else {
      const name = selection.name.value;
      const fragment = fragments.get(name);
      count.opened.add(name);
      // A fragment inside itself is the validator's to refuse.
      if (fragment && !open.has(name)) {
        const inside = { ...around, names, open: new Set(open).add(name) };
        fields += visitSelections(fragment.selectionSet, depth, inside);
      }
    }
    for (const name of ['selections', 'aliases', 'directives', 'repeats'] as const) {
      checkLimit(name, { found: count[name], allowed: limits[name] });
    }
  }
  return fields;
}

/** A fragment that is opened again brings no further field to compare. */
function isRepeated(names: Map<string, Set<FieldNode>>, field: FieldNode): boolean {
  const name = (field.alias ?? field.name).value;
  const same = names.get(name) ?? new Set();
  const isNew = !same.has(field);
  names.set(name, same.add(field));
  return isNew && same.size > 1;
}
