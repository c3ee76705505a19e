/** Wakes whoever waits; a ring without a waiter is remembered. */
export type Bell = { ring(): void; rung(): Promise<void> };

export function createBell(): Bell {
  let isRung = false;
  let wake: (() => void) | null = null;
  return {
    ring: () => {
      isRung = true;
      wake?.();
    },
    rung: async () => {
      if (!isRung) await new Promise<void>((resolve) => (wake = resolve));
      isRung = false;
      wake = null;
    },
  };
}
