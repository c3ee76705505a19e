import type { Place } from './place.ts';

/** The few cheapest of many places in many routes, cheapest first. */
export class Shortlist {
  count = 0;
  readonly prices = new Float64Array(LENGTH);
  readonly routes = new Int32Array(LENGTH);
  readonly places = new Int32Array(LENGTH);

  clear(): void {
    this.count = 0;
  }

  /** Dearer places are not taken any more. */
  get highestPrice(): number {
    return this.count < LENGTH ? Infinity : this.prices[LENGTH - 1]!;
  }

  /** It must be cheaper than `highestPrice`. */
  offer(price: number, route: number, place: Place): void {
    const { prices, routes, places } = this;
    if (this.count < LENGTH) this.count++;
    let at = this.count - 1;
    for (; at > 0 && prices[at - 1]! > price; at--) {
      prices[at] = prices[at - 1]!;
      routes[at] = routes[at - 1]!;
      places[at] = places[at - 1]!;
    }
    prices[at] = price;
    routes[at] = route;
    places[at] = place;
  }
}

const LENGTH = 6;
