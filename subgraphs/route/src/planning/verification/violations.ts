/** Collects what is wrong, each with where. */
export class Violations {
  readonly found: string[];
  readonly #where: string;

  constructor(found: string[] = [], where = '') {
    this.found = found;
    this.#where = where;
  }

  /** For what is wrong there; it ends up in the same list. */
  of(where: string): Violations {
    return new Violations(this.found, `${this.#where}${where}: `);
  }

  expect(holds: boolean, violation: string): void {
    if (!holds) this.found.push(`${this.#where}${violation}`);
  }

  expectEqual(what: string, stated: number, found: number): void {
    this.expect(stated === found, `${what} is ${stated}, should be ${found}`);
  }

  /** Sums of fractions come out a little different in another order. */
  expectClose(what: string, stated: number, found: number): void {
    const tolerance = RELATIVE_TOLERANCE * Math.max(1, Math.abs(found));
    this.expect(Math.abs(stated - found) <= tolerance, `${what} is ${stated}, should be ${found}`);
  }
}

const RELATIVE_TOLERANCE = 1e-6;
