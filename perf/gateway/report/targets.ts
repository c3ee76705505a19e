import { OWN, RUST, STOCK } from '../contenders/contender.ts';
import type { Figures } from '../measure/rounds.ts';

/** What our gateway is to reach for one operation, beside what it has reached. */
export type Target = {
  text: string;
  /** The most processor time per request with which it is reached. */
  cpuMs: number;
  isReached: boolean;
};

const TIMES_LESS_THAN_STOCK = 20;
const TIMES_LESS_THAN_RUST = 2;

/** Of one operation's figures; empty without ours, shorter where somebody is missing. */
export function targetsOf(figures: readonly Figures[]): Target[] {
  const own = figures.find(({ contender }) => contender === OWN);
  if (own === undefined) return [];
  const lessThan = (name: string, times: number): Target[] => {
    const other = figures.find(({ contender }) => contender === name);
    if (other === undefined) return [];
    const cpuMs = other.cpuMs / times;
    const reached = (other.cpuMs / own.cpuMs).toFixed(1);
    return [
      {
        text: `${times} times less CPU than ${name}: ${reached} times`,
        cpuMs,
        isReached: own.cpuMs <= cpuMs,
      },
    ];
  };
  return [...lessThan(STOCK, TIMES_LESS_THAN_STOCK), ...lessThan(RUST, TIMES_LESS_THAN_RUST)];
}
