type Parcel = {
  readonly quantity: number;
  readonly weightKg: number;
  readonly volumeM3: number;
};

/** What parcels come to together. */
export function loadOf(parcels: readonly Parcel[]): {
  weightKg: number;
  volumeM3: number;
  parcels: number;
} {
  const sum = (figure: (parcel: Parcel) => number) =>
    parcels.reduce((total, parcel) => total + parcel.quantity * figure(parcel), 0);
  return {
    weightKg: sum(({ weightKg }) => weightKg),
    volumeM3: sum(({ volumeM3 }) => volumeM3),
    parcels: sum(() => 1),
  };
}
