import {
  type Product,
  type Review,
  type User,
  isInStock,
  productOf,
  products,
  reviewsOfProduct,
  reviewsOfUser,
  shippingEstimate,
  userOf,
  users,
} from './world.ts';

/** An operation with the one right answer to it. */
export type Operation = { name: string; query: string; data: unknown };

/** Up and down between the four subgraphs; its answer is some 88 kB. */
export const heavyOperation: Operation = {
  name: 'heavy',
  query: `query Heavy {
  users { ...Person reviews { ...Opinion product { ...Goods reviews { ...Opinion author { ...Person reviews { ...Opinion product { ...Goods } } } } } } }
  topProducts(first: 5) { ...Goods reviews { ...Opinion author { ...Person reviews { ...Opinion product { ...Goods } } } } }
}
fragment Person on User { id name username }
fragment Opinion on Review { id body }
fragment Goods on Product { upc name price weight inStock shippingEstimate }
`,
  data: {
    users: users.map((user) => ({
      ...person(user),
      reviews: reviewsOfUser(user.id).map((review) => ({
        ...opinion(review),
        product: withReviews(productOf(review.productUpc)),
      })),
    })),
    topProducts: products.slice(0, 5).map(withReviews),
  },
};

/** One fetch from one subgraph. */
export const smallOperation: Operation = smallOperationFor('1');

/** The small operation for another user; any text is an id. */
export function smallOperationFor(id: string): Operation {
  const user = userOf(id);
  return {
    name: 'small',
    query: `query Small { user(id: ${JSON.stringify(id)}) { id name username } }`,
    data: { user: user === undefined ? null : person(user) },
  };
}

function withReviews(product: Product | undefined): unknown {
  if (product === undefined) return null;
  return {
    ...goods(product),
    reviews: reviewsOfProduct(product.upc).map((review) => ({
      ...opinion(review),
      author: withPurchases(userOf(review.authorId)),
    })),
  };
}

function withPurchases(user: User | undefined): unknown {
  if (user === undefined) return null;
  return {
    ...person(user),
    reviews: reviewsOfUser(user.id).map((review) => {
      const product = productOf(review.productUpc);
      return { ...opinion(review), product: product === undefined ? null : goods(product) };
    }),
  };
}

function person({ id, name, username }: User) {
  return { id, name, username };
}

function opinion({ id, body }: Review) {
  return { id, body };
}

function goods({ upc, name, price, weight }: Product) {
  return {
    upc,
    name,
    price,
    weight,
    inStock: isInStock(upc),
    shippingEstimate: shippingEstimate({ price, weight }),
  };
}
