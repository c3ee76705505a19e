import type { SubgraphName } from './subgraphs.ts';
import {
  type Review,
  isInStock,
  productOf,
  products,
  reviews,
  reviewsOfProduct,
  reviewsOfUser,
  shippingEstimate,
  userOf,
  users,
} from './world.ts';

type Resolver = (source: never, args: never) => unknown;
type Resolvers = Record<string, Record<string, Resolver>>;

/** What each subgraph knows of the world, and nothing else. */
export function resolversOf(name: SubgraphName): Resolvers {
  return RESOLVERS[name];
}

type UserKey = { id: string };
type ProductKey = { upc: string };

const RESOLVERS: Readonly<Record<SubgraphName, Resolvers>> = {
  accounts: {
    Query: {
      me: () => userOf('1'),
      user: (_: unknown, { id }: UserKey) => userOf(id) ?? null,
      users: () => users,
    },
    User: { __resolveReference: ({ id }: UserKey) => userOf(id) ?? null },
  },
  products: {
    Query: {
      product: (_: unknown, { upc }: ProductKey) => productOf(upc) ?? null,
      topProducts: (_: unknown, { first }: { first: number }) => products.slice(0, first),
    },
    Product: { __resolveReference: ({ upc }: ProductKey) => productOf(upc) ?? null },
  },
  inventory: {
    Product: {
      inStock: ({ upc }: ProductKey) => isInStock(upc),
      // Price and weight come with the representation.
      shippingEstimate,
    },
  },
  reviews: {
    Review: {
      __resolveReference: ({ id }: UserKey) => reviews.find((review) => review.id === id) ?? null,
      author: ({ authorId }: Review) => ({ id: authorId }),
      product: ({ productUpc }: Review) => ({ upc: productUpc }),
    },
    User: { reviews: ({ id }: UserKey) => reviewsOfUser(id) },
    Product: { reviews: ({ upc }: ProductKey) => reviewsOfProduct(upc) },
  },
};
