import { runDetached } from './request.ts';
import { createRetries } from './retries.ts';

/** A look at what nobody may have told of. */
export type SafetyNet = {
  /** Looks now. Never rejects. */
  look(): Promise<void>;
  close(): void;
};

/** Looks every `everyMs`, and soon again when that has failed. */
export function createSafetyNet({
  look,
  everyMs,
  onFailure,
}: {
  look: () => Promise<void>;
  everyMs: number;
  onFailure: (error: unknown) => void;
}): SafetyNet {
  const retries = createRetries(() => void attempt());
  const attempt = () =>
    runDetached(async () => {
      try {
        await look();
        retries.worked();
      } catch (error) {
        onFailure(error);
        retries.failed();
      }
    });
  const timer = setInterval(() => void attempt(), everyMs);
  return {
    look: attempt,
    close() {
      clearInterval(timer);
      retries.end();
    },
  };
}
