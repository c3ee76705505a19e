import { createHash } from 'node:crypto';
import { Kind, buildASTSchema, parse, print, visit } from 'graphql';
import type { DirectiveNode, DocumentNode, GraphQLSchema } from 'graphql';

/** One subgraph of the supergraph and where it answers. */
export type SubgraphLocation = { name: string; url: string };

/** A supergraph, read once: what the rooms of the gateway need to know of it. */
export type Supergraph = {
  /** Everything that composition wrote down, access directives included: admission reads it. */
  schema: GraphQLSchema;
  /** The same without access directives, which `@apollo/gateway` refuses to load. */
  executableSdl: string;
  subgraphs: readonly SubgraphLocation[];
  /** Changes with every change of the supergraph. */
  hash: string;
};

/**
 * Reads the text of a supergraph. `urls` replaces the routing URL of the subgraphs it names; a name
 * that the supergraph lacks is an error, since it would be a setting without effect.
 */
export function readSupergraph(
  sdl: string,
  { urls = {} }: { urls?: Readonly<Record<string, string>> } = {},
): Supergraph {
  const document = parse(sdl, { noLocation: true });
  const graphs = joinGraphs(document);
  const unknown = Object.keys(urls).filter((name) => !graphs.some((graph) => graph.name === name));
  if (unknown.length > 0) {
    const known = graphs.map((graph) => graph.name).join(', ');
    throw new Error(
      `The supergraph has the subgraphs ${known}; got a URL for ${unknown.join(', ')}`,
    );
  }
  const executable = withUrls(withoutAccessDirectives(document), urls);
  return {
    schema: buildASTSchema(document, { assumeValidSDL: true }),
    executableSdl: print(executable),
    subgraphs: graphs.map(({ name, url }) => ({ name, url: urls[name] ?? url })),
    hash: hashOf(sdl),
  };
}

/** What tells the text of one supergraph from others. */
export function hashOf(sdl: string): string {
  return createHash('sha256').update(sdl).digest('hex').slice(0, 16);
}

const ACCESS_DIRECTIVES = new Set(['authenticated', 'requiresScopes', 'policy']);
const ACCESS_SCALARS = new Set(['requiresScopes__Scope', 'policy__Policy']);

function joinGraphs(document: DocumentNode): SubgraphLocation[] {
  const joinGraph = document.definitions.find(
    (definition) =>
      definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph',
  );
  if (joinGraph?.kind !== Kind.ENUM_TYPE_DEFINITION) {
    throw new Error('This is no supergraph: it has no enum join__Graph');
  }
  return (joinGraph.values ?? []).flatMap((value) =>
    (value.directives ?? [])
      .filter((directive) => directive.name.value === 'join__graph')
      .map((directive) => ({
        name: argumentText(directive, 'name'),
        url: argumentText(directive, 'url'),
      })),
  );
}

function withoutAccessDirectives(document: DocumentNode): DocumentNode {
  return visit(document, {
    Directive: (node) => (isAccessDirective(node) ? null : undefined),
    DirectiveDefinition: (node) => (ACCESS_DIRECTIVES.has(node.name.value) ? null : undefined),
    ScalarTypeDefinition: (node) => (ACCESS_SCALARS.has(node.name.value) ? null : undefined),
  });
}

function isAccessDirective(node: DirectiveNode): boolean {
  if (ACCESS_DIRECTIVES.has(node.name.value)) return true;
  if (node.name.value !== 'link') return false;
  const feature = /\/([^/]+)\/v[\d.]+$/.exec(argumentText(node, 'url'))?.[1];
  return feature !== undefined && ACCESS_DIRECTIVES.has(feature);
}

function withUrls(document: DocumentNode, urls: Readonly<Record<string, string>>): DocumentNode {
  return visit(document, {
    Directive(node) {
      const url = node.name.value === 'join__graph' ? urls[argumentText(node, 'name')] : undefined;
      if (url === undefined) return undefined;
      const replaced = (node.arguments ?? []).map((argument) =>
        argument.name.value === 'url'
          ? { ...argument, value: { kind: Kind.STRING, value: url } as const }
          : argument,
      );
      return { ...node, arguments: replaced };
    },
  });
}

function argumentText(directive: DirectiveNode, name: string): string {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : '';
}
