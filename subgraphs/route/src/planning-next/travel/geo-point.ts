/** WGS 84. */
export type GeoPoint = {
  readonly latitude: number;
  readonly longitude: number;
};
