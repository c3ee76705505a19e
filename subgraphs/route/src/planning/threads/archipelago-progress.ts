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
    if (this.#latest.length === 1) return this.#tell(news);
    this.#latest[island] = news;
    if (news.elapsedMs - this.#toldAtMs < TELL_EVERY_MS) return;
    this.#toldAtMs = news.elapsedMs;
    const heard = this.#latest.filter((progress) => progress !== null);
    const best = heard.reduce((a, b) => (isBetter(b, a) ? b : a));
    const improvements = mergedCurve(heard.map((progress) => progress.improvements));
    this.#tell({ ...best, elapsedMs: news.elapsedMs, improvements });
  }
}
