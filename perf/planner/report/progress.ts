import { gapText, type RunResult } from './run-result.ts';

/** Where lines go, and whether somebody is watching who likes a line that is written over. */
export type ProgressOutput = { readonly isTTY?: boolean; write(text: string): unknown };

/** A line for each result, and below them, on a terminal, how far it is and how long it will still take. */
export function progress(total: { runs: number; cpuSeconds: number }, output: ProgressOutput) {
  const startedAt = performance.now();
  let runs = 0;
  let cpuSeconds = 0;
  const status = () => {
    const elapsed = (performance.now() - startedAt) / 1000;
    const left = cpuSeconds > 0 ? (elapsed / cpuSeconds) * (total.cpuSeconds - cpuSeconds) : 0;
    return `${runs} of ${total.runs} runs, ${duration(left)} left`;
  };
  const erase = output.isTTY ? '\r\u001B[K' : '';
  return {
    tell(result: RunResult): void {
      runs += 1;
      cpuSeconds += result.seconds;
      output.write(`${erase}${resultLine(result)}\n`);
      if (output.isTTY) output.write(status());
    },
    end(): void {
      output.write(erase);
    },
  };
}

function resultLine(result: RunResult): string {
  return [
    result.class.padEnd(14),
    result.instance.padEnd(22),
    result.algorithm.padEnd(5),
    `${result.seconds} s`.padStart(5),
    `seed ${result.seed}`,
    `${result.vehicles}`.padStart(4),
    result.value.toFixed(1).padStart(10),
    gapText(result),
  ].join('  ');
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
