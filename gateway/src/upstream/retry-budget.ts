/** How many requests may be sent a second time. */
export type RetryBudget = {
  /** One more first request. */
  earn(): void;
  /** False when the subgraph has got as many retries as it may. */
  spend(): boolean;
};

/**
 * Retries are at most `percent` of the requests, and `reserve` more, so that a rare request may be
 * repeated too. In an outage the load rises by that share and not to the double.
 */
export function createRetryBudget({
  percent,
  reserve,
}: {
  percent: number;
  reserve: number;
}): RetryBudget {
  const most = reserve * 100;
  let hundredths = percent === 0 ? 0 : most;
  return {
    earn() {
      hundredths = Math.min(most, hundredths + percent);
    },
    spend() {
      if (hundredths < 100) return false;
      hundredths -= 100;
      return true;
    },
  };
}
