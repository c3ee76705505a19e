import type { Place } from './place.ts';

/** What a scan offers the places to that it finds. */
export type OfferTaker = {
  /** Dearer places need not be offered. */
  readonly secondPrice: number;
  offer(price: number, place: Place): void;
};

/** The two cheapest places below a limit. */
export class BestTwo implements OfferTaker {
  price = Infinity;
  /** -1: none. */
  place: Place = -1;
  secondPrice = Infinity;
  secondPlace: Place = -1;

  clear(limit: number): void {
    this.price = this.secondPrice = limit;
    this.place = this.secondPlace = -1;
  }

  offer(price: number, place: Place): void {
    if (price < this.price) {
      this.secondPrice = this.price;
      this.secondPlace = this.place;
      this.price = price;
      this.place = place;
    } else if (price < this.secondPrice) {
      this.secondPrice = price;
      this.secondPlace = place;
    }
  }
}
