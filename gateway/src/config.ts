import {
  ConfigError,
  commonSettings,
  identitySettings,
  readSettings,
  redisSettings,
  setting,
} from '@quantumroute/ops/config';

/** Settings that the gateway needs whatever it serves. */
export const servingSettings = {
  ...commonSettings,
  GATEWAY_PORT: setting.port(4000).describe('The port of the gateway'),
  FLEET_URL: setting.url().optional().describe('Where fleet answers, instead of the supergraph’s'),
  ROUTE_URL: setting.url().optional().describe('Where route answers, instead of the supergraph’s'),
  REPORT_URL: setting
    .url()
    .optional()
    .describe('Where report answers, instead of the supergraph’s; downloads come from there too'),
  GATEWAY_SUPERGRAPH_POLL_MS: setting
    .milliseconds(2_000)
    .describe('How often the file of the supergraph is looked at; SIGHUP looks at once'),
  GATEWAY_REQUEST_DEADLINE_MS: setting
    .milliseconds(10_000)
    .describe('Time for an operation, and for each event of a subscription'),
  GATEWAY_SUBGRAPH_TIMEOUT_MS: setting
    .milliseconds(1_800)
    .describe('Time that one subgraph has for a query; a mutation has the whole deadline'),
  GATEWAY_SUBGRAPH_CONNECTIONS: setting
    .count(64, { min: 1, max: 1_000 })
    .describe('Connections to each subgraph'),
  GATEWAY_SUBGRAPH_QUEUE: setting
    .count(500)
    .describe('Requests that wait for a connection to a subgraph; more are refused'),
  GATEWAY_COMPILED_OPERATIONS: setting
    .count(1_000, { min: 10 })
    .describe('Operations whose plans stay compiled'),
  GATEWAY_SUBGRAPH_ANSWER_BYTES: setting
    .count(10_000_000, { min: 1_000 })
    .describe('The largest answer of a subgraph'),
  GATEWAY_SUBGRAPH_FAILURES: setting
    .count(10, { min: 1, max: 20 })
    .describe('Failures among the last 20 fetches after which a subgraph is left alone'),
  GATEWAY_SUBGRAPH_REST_MS: setting
    .milliseconds(1_000)
    .describe('How long such a subgraph is left alone, before one request tries'),
  GATEWAY_SUBGRAPH_RETRY_PERCENT: setting
    .count(20, { max: 100 })
    .describe('Queries that may be sent again when nobody answered, of all queries'),
  GATEWAY_SUBGRAPH_RECONNECT_MS: setting
    .milliseconds(30_000)
    .describe('How long a subscription waits for its subgraph to come back'),
  GATEWAY_SOCKET_INIT_TIMEOUT_MS: setting
    .milliseconds(5_000)
    .describe('Time from opening a WebSocket to its connection_init'),
  GATEWAY_MAX_SOCKETS: setting.count(10_000).describe('WebSockets open at the same time'),
  GATEWAY_MAX_STREAMS: setting.count(10_000).describe('HTTP streams open at the same time'),
  GATEWAY_MAX_CONNECTIONS_PER_CLIENT: setting
    .count(200, { min: 1 })
    .describe('WebSockets and HTTP streams of one caller, or of one anonymous address'),
  GATEWAY_MAX_SUBSCRIPTIONS: setting
    .count(50_000, { min: 1 })
    .describe('Operations open on all WebSockets and HTTP streams'),
  GATEWAY_MAX_SUBSCRIPTIONS_PER_CLIENT: setting
    .count(1_000, { min: 1 })
    .describe('Operations open for one caller, or for one anonymous address'),
  GATEWAY_MAX_SUBSCRIPTIONS_PER_SOCKET: setting
    .count(100, { min: 1 })
    .describe('Operations open on one WebSocket or reserved stream'),
  GATEWAY_STREAM_RESERVATION_MS: setting
    .milliseconds(10_000)
    .describe('Time from reserving an event stream to opening it'),
  GATEWAY_DRAIN_MS: setting
    .milliseconds(4_000)
    .describe('Time over which a gateway that stops tells its clients to move'),
  GATEWAY_TRUSTED_PROXIES: setting
    .count(0, { max: 10 })
    .describe('Proxies in front that add the address they saw to x-forwarded-for'),
  GATEWAY_MAX_FRAME_BYTES: setting
    .count(256_000, { min: 1_000 })
    .describe('The largest message of a client on a WebSocket'),
  GATEWAY_MAX_BUFFERED_EVENTS: setting
    .count(100, { min: 1 })
    .describe('Events that wait for a slow subscriber; one more ends the subscription'),
  GATEWAY_MAX_BUFFERED_BYTES: setting
    .count(4_000_000, { min: 100_000 })
    .describe('Bytes that wait for a client on a WebSocket; with more it is cut off'),
  GATEWAY_SLOW_CLIENT_MS: setting
    .milliseconds(30_000)
    .describe('How long a client may read nothing of what it was sent, before it is cut off'),
  GATEWAY_HTTP2: setting
    .flag(false)
    .describe('Whether clients may speak HTTP/2 too: with TLS by ALPN, else by prior knowledge'),
  GATEWAY_HTTP2_SESSIONS: setting
    .count(10_000, { min: 1 })
    .describe('Connections of clients who speak HTTP/2'),
  GATEWAY_HTTP2_STREAMS: setting
    .count(250, { min: 1, max: 10_000 })
    .describe('Requests and streams open on one such connection'),
  GATEWAY_TLS_CERT_FILE: setting
    .text()
    .optional()
    .describe('The certificate to serve TLS with, as PEM, with what leads to its root'),
  GATEWAY_TLS_KEY_FILE: setting
    .text()
    .optional()
    .describe('The key of that certificate; both files are read again when they change'),
  GATEWAY_CORS_ORIGINS: setting
    .text('')
    .refine((text) => originsIn(text).every(isOrigin), {
      error: 'needs origins such as https://app.example.com, separated by commas',
    })
    .describe('Pages of other origins that may call, separated by commas'),
};

/** Settings of our policies: who may call, what, and what is remembered of it. */
export const policySettings = {
  ...redisSettings,
  ...identitySettings,
  JWKS_URL: setting
    .url()
    .refine((url) => /^(https?|file):/i.test(url), { error: 'needs an http(s) or file URL' })
    .describe('The public keys of tokens: an http(s) or file URL'),
  JWT_ISSUER: setting.text('quantumroute').describe('The issuer that tokens must name'),
  JWT_AUDIENCE: setting.text('quantumroute').describe('The audience that tokens must name'),
  DEMO_CREDENTIALS_FILE: setting
    .text()
    .optional()
    .describe('Callers that the explorer offers, outside production only'),
  GATEWAY_MAX_TOKENS: setting.count(4_000).describe('Tokens of an operation’s document'),
  GATEWAY_MAX_DEPTH: setting.count(20).describe('Levels of an operation'),
  GATEWAY_MAX_ALIASES: setting.count(50).describe('Aliases in an operation'),
  GATEWAY_MAX_ROOT_FIELDS: setting.count(20).describe('Fields at the root of an operation'),
  GATEWAY_MAX_DIRECTIVES: setting.count(50).describe('Directives in an operation'),
  GATEWAY_MAX_SELECTIONS: setting.count(2_000).describe('Fields and fragments, fragments opened'),
  GATEWAY_MAX_COST: setting.count(20_000).describe('Objects that an operation may answer with'),
  GATEWAY_ASSUMED_LIST_SIZE: setting
    .count(10)
    .describe('Items of a list of which the schema does not tell the size'),
  GATEWAY_CACHE_ENTRIES: setting.count(10_000).describe('Answers in the response cache'),
  GATEWAY_CACHE_NEAR_BYTES: setting
    .count(64_000_000)
    .describe('Memory of each gateway process for answers that Redis has too'),
  GATEWAY_CACHE_ENTRY_BYTES: setting.count(128_000).describe('The largest answer that is cached'),
  GATEWAY_CACHE_MAX_SECONDS: setting.count(300).describe('How long an answer is cached at most'),
  GATEWAY_PERSISTED_QUERIES: setting.count(5_000).describe('Automatic persisted queries kept'),
  GATEWAY_PERSISTED_QUERY_SECONDS: setting
    .count(86_400)
    .describe('How long an automatic persisted query is kept'),
};

/** All settings of the gateway. */
export const settings = { ...servingSettings, ...policySettings };

export type ServingConfig = ReturnType<typeof readServingConfig>;
export type PolicyConfig = ReturnType<typeof readPolicyConfig>;

/** Every setting of a gateway with our policies. */
export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  return checked(readSettings(settings, env));
}

/** What a gateway needs that only serves a supergraph, with policies off. */
export function readServingConfig(env: Readonly<Record<string, string | undefined>>) {
  return checked(readSettings(servingSettings, env));
}

/** What our policies need. */
export function readPolicyConfig(env: Readonly<Record<string, string | undefined>>) {
  return readSettings(policySettings, env);
}

type TlsFiles = Partial<Record<'GATEWAY_TLS_CERT_FILE' | 'GATEWAY_TLS_KEY_FILE', string>>;

function checked<C extends { [K in keyof TlsFiles]: TlsFiles[K] | undefined }>(config: C): C {
  const { GATEWAY_TLS_CERT_FILE: cert, GATEWAY_TLS_KEY_FILE: key } = config;
  if ((cert === undefined) === (key === undefined)) return config;
  const missing = cert === undefined ? 'GATEWAY_TLS_CERT_FILE' : 'GATEWAY_TLS_KEY_FILE';
  throw new ConfigError([`${missing} is missing: a certificate needs its key`]);
}

/** The origins of a list that is separated by commas. */
export function originsIn(text: string): string[] {
  return text
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
}

/** As browsers send it: one with a slash at its end, or with a path, would never match. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
