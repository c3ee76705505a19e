import type { UserError } from '@quantumroute/ops/user-errors';
import { userError } from '@quantumroute/ops/user-errors';

import type { ReportRequestInput } from '../resolvers/schema-types.ts';
import type { UnitSystem } from '../storage/report-entity.ts';

/** How files are written; what they say does not depend on it. */
export type Presentation = {
  /** BCP 47 tag in its canonical form. */
  readonly locale: string;
  /** IANA name; null for the zone of the organization. */
  readonly timeZone: string | null;
  readonly unitSystem: UnitSystem;
};

/** The presentation that a request asks for, or what is wrong with it. */
export function readPresentation(
  input: Pick<ReportRequestInput, 'locale' | 'timeZone' | 'unitSystem'>,
): { presentation: Presentation } | { userErrors: UserError[] } {
  const locale = canonicalLocale(input.locale ?? 'en');
  const timeZone = canonicalZone(input.timeZone ?? null);
  if (locale !== undefined && timeZone !== undefined) {
    return { presentation: { locale, timeZone, unitSystem: input.unitSystem ?? 'METRIC' } };
  }
  return {
    userErrors: [
      ...(locale === undefined ? [unknown('locale', LANGUAGE)] : []),
      ...(timeZone === undefined ? [unknown('timeZone', 'a zone such as Europe/Berlin')] : []),
    ],
  };
}

const LANGUAGE = 'the tag of a language in Latin, Greek or Cyrillic letters, such as de or en-GB';

/** No real tag or zone is longer. */
const MAX_LENGTH = 64;

/** The letters that the font of PDF has. */
const SCRIPTS = new Set(['Latn', 'Grek', 'Cyrl']);

/** Without extensions: calendars and digits of files are the same for everybody. */
function canonicalLocale(tag: string): string | undefined {
  if (tag.length > MAX_LENGTH) return undefined;
  try {
    const { baseName } = new Intl.Locale(tag);
    const { script = '' } = new Intl.Locale(baseName).maximize();
    const isKnown = Intl.NumberFormat.supportedLocalesOf(baseName).length > 0;
    return isKnown && SCRIPTS.has(script) ? baseName : undefined;
  } catch {
    return undefined;
  }
}

/** Names only: an offset such as `+01:00` knows nothing of summer. */
function canonicalZone(timeZone: string | null): string | null | undefined {
  if (timeZone === null) return null;
  if (timeZone.length > MAX_LENGTH || !/^[A-Za-z]/.test(timeZone)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function unknown(argument: 'locale' | 'timeZone', needed: string): UserError {
  return userError.invalid(['input', argument], `${argument} needs ${needed}`);
}
