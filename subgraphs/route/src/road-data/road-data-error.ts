/**
 * `unavailable`: no answer in time, or one that says "not now"; asking again may help.
 * `unusable`: an answer that is none. `refused`: this question gets no answer.
 */
export type RoadDataFault = 'unavailable' | 'unusable' | 'refused';

export class RoadDataError extends Error {
  readonly fault: RoadDataFault;

  constructor(fault: RoadDataFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RoadDataError';
    this.fault = fault;
  }
}

/** Refused because of one place; without it the question may get an answer. */
export class PlaceError extends RoadDataError {
  /** Among the places asked about: the origins first, then the destinations. */
  readonly place: number;

  constructor(place: number, message: string) {
    super('refused', message);
    this.place = place;
  }
}
