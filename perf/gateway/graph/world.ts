/** A small shop: who wrote which review of which product. The same in every run. */
export type User = { id: string; name: string; username: string };
export type Product = { upc: string; name: string; price: number; weight: number };
export type Review = { id: string; body: string; authorId: string; productUpc: string };

const NAMES = ['Ada Quist', 'Björn Åkesson', 'Chidi Okafor', 'Dana "Dee" Levi', 'Emre Şahin'];
const GOODS = ['Folding Bench', 'Desk Lamp', 'Rain Barrel', 'Tool Chest', 'Cargo Net'];
const BODIES = [
  'Does what it says, and nothing else.',
  'Arrived late; the box was wet, the thing inside was not.',
  'I would buy it again, if only in another colour.',
  'Too heavy for one, too small for two.\nStill: solid.',
  'Broke on the third day.',
];
const REVIEWS = 20;

export const users: readonly User[] = NAMES.map((name, index) => ({
  id: String(index + 1),
  name,
  username: `shopper-${index + 1}`,
}));

export const products: readonly Product[] = GOODS.map((name, index) => ({
  upc: String(index + 1),
  name,
  price: 399 + 250 * index,
  weight: 300 + 425 * index,
}));

/** Each user has as many as each other one, and so has each product. */
export const reviews: readonly Review[] = Array.from({ length: REVIEWS }, (_, index) => ({
  id: String(index + 1),
  body: at(BODIES, index * 3),
  authorId: at(users, index).id,
  productUpc: at(products, index * 2 + Math.floor(index / users.length)).upc,
}));

export function reviewsOfUser(id: string): readonly Review[] {
  return reviews.filter((review) => review.authorId === id);
}

export function reviewsOfProduct(upc: string): readonly Review[] {
  return reviews.filter((review) => review.productUpc === upc);
}

export function userOf(id: string): User | undefined {
  return users.find((user) => user.id === id);
}

export function productOf(upc: string): Product | undefined {
  return products.find((product) => product.upc === upc);
}

export function isInStock(upc: string): boolean {
  return Number(upc) % 3 !== 0;
}

/** Heavy goods cost something to send, dear ones nothing. */
export function shippingEstimate({ price, weight }: { price: number; weight: number }): number {
  return price > 1_000 ? 0 : Math.round(weight / 2);
}

function at<T>(items: readonly T[], index: number): T {
  return items[index % items.length] as T;
}
