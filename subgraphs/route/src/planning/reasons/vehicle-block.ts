import type { InstanceVehicle } from '../instance/instance.ts';
import type { LoadVector } from '../instance/loads.ts';
import type { UnassignedCode } from '../solution.ts';

export type VehicleBlockCode = Exclude<UnassignedCode, 'NO_VEHICLE' | 'DISPLACED'>;

/** One vehicle that cannot take an order, and by how much it fails to. */
export type VehicleBlock = {
  readonly code: VehicleBlockCode;
  readonly vehicle: InstanceVehicle;
  /** It could not even without its other orders. */
  readonly isAlone: boolean;
  /**
   * How much is missing, in seconds or metres. TIME_WINDOW: how much too late it would be there;
   * negative when the window opens too late. 0 where the code has no such figure.
   */
  readonly short: number;
  /** What it could carry beside its load; its whole capacity when it is alone. */
  readonly room: LoadVector;
};

/** Where two codes hold for as many vehicles, the one that is harder to change comes first. */
export const BLOCK_CODES: readonly VehicleBlockCode[] = [
  'CAPABILITY',
  'CAPACITY',
  'TIME_WINDOW',
  'SHIFT_DURATION',
  'MAX_DISTANCE',
  'MAX_DURATION',
  'MAX_VISITS',
  'LOCKED',
];
