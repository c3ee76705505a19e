declare module 'jstat' {
  /** The part of it that is used here; it has no types of its own. */
  const jstat: {
    readonly studentt: {
      cdf(t: number, degreesOfFreedom: number): number;
      inv(probability: number, degreesOfFreedom: number): number;
    };
  };
  export default jstat;
}
