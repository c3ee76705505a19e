import { z } from 'zod';

/** Thrown when settings are missing or wrong. `problems` has one sentence for each of them. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Settings are not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** A row of the settings table. `default` is null when there is none. */
export type SettingDescription = {
  name: string;
  default: string | null;
  description: string;
  required: boolean;
};

/** The kinds of settings. Each is a zod schema that reads the text of one environment variable. */
export const setting = {
  /** A TCP port; 0 lets the system choose. */
  port: (fallback: number) => wholeNumber('a port', { min: 0, max: 65_535 }).default(fallback),
  /** An absolute URL, kept as text without a trailing slash. Required when there is no fallback. */
  url: (fallback?: string) => withFallback(urlText(), fallback),
  /** A duration in milliseconds. */
  milliseconds: (fallback: number) =>
    wholeNumber('milliseconds', { min: 0, max: 2 ** 31 - 1 }).default(fallback),
  /** A whole number within `limits`. */
  count: (fallback: number, limits: { min?: number; max?: number } = {}) =>
    wholeNumber('a whole number', { min: 0, max: Number.MAX_SAFE_INTEGER, ...limits }).default(
      fallback,
    ),
  /** A decimal number within `limits`. */
  decimal: (fallback: number, limits: { min?: number; max?: number } = {}) =>
    decimalNumber({ min: -Number.MAX_VALUE, max: Number.MAX_VALUE, ...limits }).default(fallback),
  /** `true`, `on`, `yes`, `1` and their opposites. */
  flag: (fallback: boolean) =>
    z
      .string()
      .refine((text) => text.toLowerCase() in FLAG_WORDS, {
        error: ({ input }) => `needs on or off, got "${String(input)}"`,
      })
      .transform((text) => FLAG_WORDS[text.toLowerCase()] === true)
      .default(fallback),
  /** A secret of at least `minLength` characters. It has no fallback and is never shown. */
  secret: (minLength: number) =>
    z.string({ error: 'is missing' }).min(minLength, {
      error: ({ input }) =>
        `needs a secret of at least ${minLength} characters, got ${(input as string).length}`,
    }),
  /** Any text that is not empty. Required when there is no fallback. */
  text: (fallback?: string) => withFallback(z.string({ error: 'is missing' }), fallback),
  /** One of a few words. */
  oneOf: <const T extends readonly [string, ...string[]]>(values: T, fallback: T[number]) =>
    z
      .string()
      .refine((text): text is T[number] => values.includes(text), {
        error: ({ input }) => `needs one of ${values.join(', ')}, got "${String(input)}"`,
      })
      .default(fallback),
};

/** Settings of every service. */
export const commonSettings = {
  NODE_ENV: setting
    .oneOf(['development', 'test', 'production'], 'development')
    .describe('`production` switches hardening on: no introspection, no explorer, no timings'),
  LOG_LEVEL: setting
    .oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info')
    .describe('The least severe log line that is written'),
  HOST: setting.text('127.0.0.1').describe('The address to listen on'),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting
    .url()
    .optional()
    .describe('Where spans are sent, by OTLP over HTTP; without it nothing is traced'),
  OTEL_TRACES_SAMPLER_ARG: setting
    .decimal(1, { min: 0, max: 1 })
    .describe('The share of requests that is traced, decided at the gateway'),
};

/** Settings of a service that uses PostgreSQL. */
export const databaseSettings = {
  DATABASE_URL: setting.url().describe('PostgreSQL, such as postgres://user:password@host/name'),
  DATABASE_POOL_SIZE: setting
    .count(10, { min: 1, max: 200 })
    .describe('Connections to PostgreSQL that one process keeps at most'),
  DATABASE_STATEMENT_TIMEOUT_MS: setting
    .milliseconds(1500)
    .describe('After this time PostgreSQL gives a statement up'),
};

/** Settings of a service that uses Redis. */
export const redisSettings = {
  REDIS_URL: setting.url().describe('Redis or Valkey, such as redis://host:6379'),
  REDIS_PREFIX: setting.text('qr:').describe('Prefix of every key and channel in Redis'),
  REDIS_EVENT_LOG_ENTRIES: setting
    .count(2_000, { min: 100, max: 1_000_000 })
    .describe('Events of a kind kept for each organization, for subscriptions that resume'),
};

/** Settings of a service that signs or verifies the identity between gateway and subgraphs. */
export const identitySettings = {
  SERVICE_IDENTITY_SECRET: setting
    .secret(32)
    .describe("Signs the caller's identity on its way from the gateway to the subgraphs"),
};

/**
 * Reads the settings of `shape` from `env` and gives one frozen object. An empty variable counts as
 * unset. Throws a `ConfigError` that lists every problem at once.
 */
export function readSettings<S extends z.ZodRawShape>(
  shape: S,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<z.infer<z.ZodObject<S>>> {
  const texts = Object.fromEntries(
    Object.keys(shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  );
  const result = z.object(shape).safeParse(texts);
  if (result.success) return Object.freeze(result.data);
  throw new ConfigError(
    result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`),
  );
}

/** The settings of `shape` as rows of a table, in the order in which they are written down. */
export function describeSettings(shape: z.ZodRawShape): SettingDescription[] {
  return Object.entries(shape).map(([name, schema]) => {
    const unset = z.object({ value: schema }).safeParse({});
    const value = unset.success ? unset.data.value : undefined;
    const fallback = value === undefined ? null : `${value as string | number | boolean}`;
    const description = (schema instanceof z.ZodType && schema.description) || '';
    return { name, default: fallback, description, required: !unset.success };
  });
}

const FLAG_WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  on: true,
  yes: true,
  '1': true,
  false: false,
  off: false,
  no: false,
  '0': false,
};

// A URL may carry a password, so that its problem never repeats what was given.
function urlText() {
  return z
    .string({ error: 'is missing' })
    .refine((text) => URL.canParse(text), { error: 'needs an absolute URL' })
    .transform((text) => text.replace(/\/+$/, ''));
}

function withFallback(schema: z.ZodType<string, string>, fallback?: string) {
  return fallback === undefined ? schema : schema.default(fallback);
}

function wholeNumber(what: string, { min, max }: { min: number; max: number }) {
  return z
    .string()
    .refine((text) => /^-?\d+$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: ({ input }) => `needs ${what} from ${min} to ${max}, got "${String(input)}"`,
    })
    .transform(Number);
}

function decimalNumber({ min, max }: { min: number; max: number }) {
  return z
    .string()
    .refine((text) => /^-?\d+(\.\d+)?$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: ({ input }) => `needs a number from ${min} to ${max}, got "${String(input)}"`,
    })
    .transform(Number);
}
