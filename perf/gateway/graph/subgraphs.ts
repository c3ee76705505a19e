import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type SubgraphSource, compose } from '@quantumroute/schema/contract/composition';
import { type GraphQLSchema, parse } from 'graphql';
import { resolversOf } from './resolvers.ts';

export const SUBGRAPH_NAMES = ['accounts', 'inventory', 'products', 'reviews'] as const;
export type SubgraphName = (typeof SUBGRAPH_NAMES)[number];

/** The four subgraphs as they answer below `origin`. */
export function subgraphSources(origin: string): SubgraphSource[] {
  return SUBGRAPH_NAMES.map((name) => ({ name, url: `${origin}/${name}`, sdl: sdlOf(name) }));
}

/** The supergraph of the four, which names their URLs. */
export function supergraphSdl(origin: string): string {
  const composition = compose(subgraphSources(origin));
  if (composition.kind === 'refused') throw new Error(composition.errors.join('\n'));
  return composition.supergraphSdl;
}

/** What answers for one subgraph. */
export function subgraphSchema(name: SubgraphName): GraphQLSchema {
  return buildSubgraphSchema([
    { typeDefs: parse(sdlOf(name)), resolvers: resolversOf(name) as never },
  ]);
}

function sdlOf(name: SubgraphName): string {
  return readFileSync(new URL(`${name}.graphql`, import.meta.url), 'utf8');
}
