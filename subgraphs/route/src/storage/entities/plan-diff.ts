/** What a proposal would change for people, as stored in the run's row. Seconds and metres. */
export type PlanDiff = {
  movedStops: number;
  resequencedStops: number;
  brokenPromises: number;
  worstEtaShiftSeconds: number;
  newlyUnassigned: number;
  newlyAssigned: number;
  /** A decimal with two digits, negative when the proposal is cheaper; null when the currencies differ. */
  costDelta: string | null;
  currency: string;
  distanceDeltaMeters: number;
};
