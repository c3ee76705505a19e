import type { Place } from './place.ts';

/** What a scan offers the places to that it finds. */
export type OfferTaker = {
  /** Dearer places need not be offered. */
  readonly secondPrice: number;
  offer(price: number, place: Place): void;
};

/** The two cheapest places that a scan has found. */
export class BestTwo implements OfferTaker {
  price = Infinity;
  place: Place = 0;
  secondPrice = Infinity;
  secondPlace: Place = 0;

  clear(): void {
    this.price = this.secondPrice = Infinity;
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
