import type { Instance } from '../instance/instance.ts';
import { WINDOW_STRIDE } from '../instance/nodes.ts';

/** What decides when service starts. */
export type Windows = Pick<
  Instance,
  'windowCount' | 'windowFirst' | 'windowLast' | 'costPerLateSecond'
>;

/**
 * When service starts for a vehicle that is ready (after setup) at the node from this second on;
 * Infinity when its windows are over. Where they may be missed, a vehicle that has missed one serves
 * at once, unless the next is nearer than the one it missed.
 */
export function serviceStart(windows: Windows, node: number, readySeconds: number): number {
  const { windowFirst, windowLast, costPerLateSecond } = windows;
  const firstIndex = node * WINDOW_STRIDE;
  const endIndex = firstIndex + windows.windowCount[node]!;
  for (let index = firstIndex; index < endIndex; index++) {
    if (readySeconds > windowLast[index]!) continue;
    const opensAt = windowFirst[index]!;
    if (readySeconds >= opensAt) return readySeconds;
    if (costPerLateSecond === null || index === firstIndex) return opensAt;
    const isNextNearer = opensAt - readySeconds <= readySeconds - windowLast[index - 1]!;
    return isNextNearer ? opensAt : readySeconds;
  }
  return costPerLateSecond === null ? Infinity : readySeconds;
}

/** Seconds after the last one of the window that was missed; 0 inside a window. */
export function lateness(windows: Windows, node: number, startSeconds: number): number {
  const { windowFirst, windowLast } = windows;
  const firstIndex = node * WINDOW_STRIDE;
  let missed = 0;
  for (let index = firstIndex; index < firstIndex + windows.windowCount[node]!; index++) {
    if (startSeconds < windowFirst[index]!) break;
    missed = Math.max(0, startSeconds - windowLast[index]!);
  }
  return missed;
}

/** How much later service may start in the window of its start; 0 outside of one. */
export function slackAfter(windows: Windows, node: number, startSeconds: number): number {
  const { windowLast } = windows;
  const firstIndex = node * WINDOW_STRIDE;
  for (let index = firstIndex; index < firstIndex + windows.windowCount[node]!; index++) {
    if (startSeconds > windowLast[index]!) continue;
    return startSeconds < windows.windowFirst[index]! ? 0 : windowLast[index]! - startSeconds;
  }
  return 0;
}

/** Whether a window opens after this start of service. */
export function hasLaterWindow(
  { windowFirst, windowCount }: Windows,
  node: number,
  startSeconds: number,
): boolean {
  return windowFirst[node * WINDOW_STRIDE + windowCount[node]! - 1]! > startSeconds;
}
