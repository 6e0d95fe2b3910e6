import { z } from "zod";

/** A list with commas. */
const list = z.string().transform((text) =>
  text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== ""),
);

/**
 * What the process reads of its environment, once, as it starts. An empty variable is one that is not set.
 * docs/control-plane.md has the table of them, made from here.
 */
export const environmentSchema = z.object({
  HOST: z.string().default("127.0.0.1").describe("Address to listen on."),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, { error: "expected a number from 0 to 65535" })
    .transform(Number)
    .pipe(z.number().max(65_535))
    .default(3000)
    .describe("Port to listen on; 0 for any free one."),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: "expected postgresql://user:password@host/database",
    })
    .optional()
    .describe("The database. Left out, a PostgreSQL of its own is started."),
  DATABASE_POOL_MAX: z.coerce
    .number()
    .int()
    .min(2)
    .max(500)
    .default(20)
    .describe("Connections to the database at most."),
  STRATUM_DATA_DIR: z
    .string()
    .default(".stratum/postgres")
    .describe("Where that PostgreSQL keeps its data."),
  STRATUM_BOOTSTRAP_KEY: z
    .string()
    .optional()
    .describe("The first API key, made by the operator. Its scope is platform:admin."),
  STRATUM_JWT_SECRET: z
    .string()
    .min(32, { error: "expected at least 32 characters" })
    .optional()
    .describe("Secret of HS256 tokens."),
  STRATUM_JWKS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Public keys of RS256, ES256 and EdDSA tokens. Needs issuer and audience."),
  STRATUM_JWT_ISSUER: z.string().optional().describe("The `iss` that tokens must have."),
  STRATUM_JWT_AUDIENCE: z.string().optional().describe("The `aud` that tokens must have."),
  BODY_LIMIT: z.coerce
    .number()
    .int()
    .min(1024)
    .max(1_073_741_824)
    .default(4_194_304)
    .describe("Bytes of a request's body at most."),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: "expected redis://host:port" })
    .optional()
    .describe(
      "Where requests are counted that several processes share. Left out: each counts by itself.",
    ),
  RATE_LIMIT: z.coerce
    .number()
    .int()
    .min(1)
    .default(6000)
    .describe("Requests in a minute of a caller who has no limit of its own."),
  RATE_LIMIT_ANONYMOUS: z.coerce
    .number()
    .int()
    .min(1)
    .default(60)
    .describe("Requests in a minute from one address without a credential that is valid."),
  ALLOWED_HOSTS: list
    .optional()
    .describe(
      "Names that the server answers for, with commas. Left out: those of loopback where HOST is one, else any.",
    ),
  CORS_ORIGINS: list
    .pipe(
      z.array(
        z.string().regex(/^https?:\/\/[^/]+$/, { error: "expected https://host, without a path" }),
      ),
    )
    .optional()
    .describe("Sites whose pages may read responses, with commas. Left out: none."),
  TRUST_PROXY: list
    .optional()
    .describe(
      "Addresses, or ranges of them, of proxies whose X-Forwarded-For is believed. Left out: none.",
    ),
  LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
    .default("info")
    .describe("What is logged."),
});
export type Environment = z.output<typeof environmentSchema>;

/** A variable is missing or has a value that cannot be used; the message names it. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}

/**
 * Reads the environment.
 *
 * @throws EnvironmentError naming the first variable that is wrong
 */
export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue, ...z.core.$ZodIssue[]];
    throw new EnvironmentError(`${path.join(".")} is wrong: ${message}.`);
  }
  const environment = parsed.data;
  if (environment.STRATUM_JWT_SECRET !== undefined && environment.STRATUM_JWKS_URL !== undefined) {
    throw new EnvironmentError(
      "STRATUM_JWKS_URL is wrong: there is STRATUM_JWT_SECRET. Set one of them.",
    );
  }
  if (
    environment.STRATUM_JWKS_URL !== undefined &&
    (environment.STRATUM_JWT_ISSUER === undefined || environment.STRATUM_JWT_AUDIENCE === undefined)
  ) {
    throw new EnvironmentError(
      "STRATUM_JWKS_URL is wrong: it needs STRATUM_JWT_ISSUER and STRATUM_JWT_AUDIENCE. Set them.",
    );
  }
  return environment;
}
