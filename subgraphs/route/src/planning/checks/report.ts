/** `path` leads to the culprit, list indexes as strings: `['orders', '3', 'delivery', 'windows', '0']`. */
export type ProblemFlaw = {
  readonly path: readonly string[];
  readonly message: string;
};

export type Path = readonly string[];
export type Report = (path: Path, message: string) => void;

/** An hour of service, a shift of days: beyond this the figure is a mistake of units. */
const MAX_SECONDS = 7 * 24 * 3600;

export function checkAmount(report: Report, path: Path, amount: number, max = 1e9): void {
  if (!(amount >= 0 && amount <= max)) report(path, `must be from 0 to ${max}, got ${amount}`);
}

/** Of money: larger ones would drown the others in the sums that a search compares. */
export function checkCost(report: Report, path: Path, cost: number): void {
  if (!(cost >= 0 && cost <= 1e6)) report(path, `must be from 0 to 1e6, got ${cost}`);
}

export function checkWhole(report: Report, path: Path, amount: number): void {
  if (!Number.isInteger(amount)) report(path, `must be a whole number, got ${amount}`);
  else checkAmount(report, path, amount);
}

export function checkDuration(report: Report, path: Path, seconds: number): void {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > MAX_SECONDS) {
    report(path, `must be whole seconds from 0 to ${MAX_SECONDS}, got ${seconds}`);
  }
}

/** Negative is fine: a shift may start on the evening before the reference instant. */
export function checkInstant(report: Report, path: Path, seconds: number): void {
  if (!Number.isInteger(seconds) || Math.abs(seconds) > MAX_SECONDS) {
    report(path, `must be whole seconds within a week of the reference instant, got ${seconds}`);
  }
}

export function checkPlace(report: Report, path: Path, place: number, placeCount: number): void {
  if (!Number.isInteger(place) || place < 0 || place >= placeCount) {
    report(path, `must be the index of one of ${placeCount} places, got ${place}`);
  }
}
