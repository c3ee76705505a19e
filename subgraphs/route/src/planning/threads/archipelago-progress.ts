import { isBetter, mergedCurve } from './improvement-curve.ts';
import type { PlanningProgress } from './run-control.ts';

const TELL_EVERY_MS = 250;

/** The progress of several searches of one problem, as if they were one. */
export class ArchipelagoProgress {
  readonly #latest: (PlanningProgress | null)[];
  readonly #tell: (progress: PlanningProgress) => void;
  #toldAtMs = -Infinity;

  constructor(islands: number, tell: (progress: PlanningProgress) => void) {
    this.#latest = Array.from({ length: islands }, () => null);
    this.#tell = tell;
  }

  hear(island: number, news: PlanningProgress): void {
    this.#latest[island] = news;
    if (this.#latest.length === 1) return this.#tell(news);
    if (news.elapsedMs - this.#toldAtMs < TELL_EVERY_MS) return;
    this.#toldAtMs = news.elapsedMs;
    const best = this.#heard().reduce((a, b) => (isBetter(b, a) ? b : a));
    this.#tellAs(best);
  }

  /** The search of this island has won: its figures are the last ones that are told. */
  end(island: number): void {
    const won = this.#latest[island];
    if (won && this.#latest.length > 1) this.#tellAs(won);
  }

  #tellAs(best: PlanningProgress): void {
    const heard = this.#heard();
    const elapsedMs = Math.max(...heard.map((progress) => progress.elapsedMs));
    const improvements = mergedCurve(heard.map((progress) => progress.improvements));
    this.#tell({ ...best, elapsedMs, improvements });
  }

  #heard(): PlanningProgress[] {
    return this.#latest.filter((progress) => progress !== null);
  }
}
