import type { UnitSystem } from '../storage/report-entity.ts';

/** How a file is written, with nothing left open. */
export type FileSettings = {
  readonly locale: string;
  readonly timeZone: string;
  readonly unitSystem: UnitSystem;
  /** ISO 4217, for every amount of money. */
  readonly currency: string;
};
