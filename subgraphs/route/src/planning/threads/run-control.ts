import { ImprovementCurve } from './improvement-curve.ts';
import type { Improvement } from './improvement-curve.ts';
import type { PlanCounts, SearchControl } from '../planner.ts';
import type { PlanningOutcome } from '../solution.ts';

/** Shown to callers while a run is computed. */
export type PlanningProgress = PlanCounts & {
  readonly elapsedMs: number;
  /** At most `MAX_IMPROVEMENTS`, oldest first. */
  readonly improvements: readonly Improvement[];
};

export type RunLimits = {
  readonly timeLimitMs: number;
  /** null: as many as suit the number of orders, or fewer when the time is up. */
  readonly iterationLimit: number | null;
  readonly orderCount: number;
};

/** What a run is connected to: a clock, whoever may stop it, and whoever wants to hear of it. */
export type RunSurroundings = {
  /** Milliseconds since the run began. */
  readonly elapsedMs: () => number;
  readonly isStopped: () => boolean;
  readonly tell: (progress: PlanningProgress) => void;
};

/** After so many steps for each order, little more is to be found: small days end early. */
const ITERATIONS_PER_ORDER = 4_000;
const LEAST_ITERATIONS = 4_000;

const TELL_EVERY_MS = 250;
/** The figures of a plan take some time to add up. */
const LOOK_EVERY_MS = 50;

/** The budget of one search and its progress. */
export class RunControl implements SearchControl {
  readonly #limits: RunLimits;
  readonly #surroundings: RunSurroundings;
  readonly #curve = new ImprovementCurve();
  readonly #iterations: number;
  #outcome: PlanningOutcome = 'COMPLETED';
  #latest: (() => PlanCounts) | null = null;
  #lookedAtMs = -Infinity;
  #toldAtMs = -Infinity;

  constructor(limits: RunLimits, surroundings: RunSurroundings) {
    this.#limits = limits;
    this.#surroundings = surroundings;
    this.#iterations =
      limits.iterationLimit ?? Math.max(LEAST_ITERATIONS, limits.orderCount * ITERATIONS_PER_ORDER);
  }

  /** Why the search has ended, once it has. */
  get outcome(): PlanningOutcome {
    return this.#outcome;
  }

  /**
   * With a limit of iterations these alone count, so that the same limit gives the same plan; the
   * time only ends what would take too long. Whoever stops a run gets the first plan at least.
   */
  budgetUsed(iterations: number): number {
    const share = iterations / this.#iterations;
    if (share >= 1) return share;
    if (this.#latest !== null && this.#surroundings.isStopped()) return this.#end('STOPPED');
    const timeShare = this.#surroundings.elapsedMs() / this.#limits.timeLimitMs;
    if (timeShare >= 1) return this.#end('TIME_LIMIT');
    return this.#limits.iterationLimit === null ? Math.max(share, timeShare) : share;
  }

  report(counts: () => PlanCounts): void {
    this.#latest = counts;
    const now = this.#surroundings.elapsedMs();
    if (now - this.#lookedAtMs >= LOOK_EVERY_MS) this.#look(now);
  }

  /** Looks at the best plan once more: the figures of the end. Null when the search never had one. */
  lastCounts(): PlanCounts | null {
    this.#toldAtMs = -Infinity;
    return this.#look(this.#surroundings.elapsedMs());
  }

  #look(now: number): PlanCounts | null {
    const counts = this.#latest?.() ?? null;
    if (counts === null) return null;
    this.#lookedAtMs = now;
    this.#curve.add(now, counts);
    if (now - this.#toldAtMs < TELL_EVERY_MS) return counts;
    this.#toldAtMs = now;
    this.#surroundings.tell({ ...counts, elapsedMs: now, improvements: this.#curve.points });
    return counts;
  }

  #end(outcome: PlanningOutcome): number {
    this.#outcome = outcome;
    return 1;
  }
}
