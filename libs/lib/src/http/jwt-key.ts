import { createPublicKey, createSecretKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { IdentityProviderUnavailableError, ValidationError } from "@stratum-hq/core";

/** What tokens are verified with: exactly one of the three. */
export interface JwtKeyOptions {
  /** Where the identity provider publishes its keys. */
  readonly jwksUrl?: string | URL;
  /** A public key in PEM (SPKI), or as a JWK. */
  readonly publicKey?: string | JsonWebKey;
  /** The secret of HMAC, 32 bytes at least. */
  readonly secret?: string | Uint8Array;
  /**
   * Default: RS256, ES256 and EdDSA for public keys, HS256 for a secret. One kind never passes for the
   * other, nor a token without a signature.
   */
  readonly algorithms?: readonly string[];
}

/** Loaded by those alone that verify tokens. */
export const loadJose = () => import("jose");
type JoseModule = Awaited<ReturnType<typeof loadJose>>;
type RemoteKeys = ReturnType<JoseModule["createRemoteJWKSet"]>;

const PUBLIC_KEY_ALGORITHMS = ["RS256", "ES256", "EdDSA"];
const SECRET_ALGORITHMS = ["HS256"];
const SECRET_MIN_BYTES = 32;

function refuse(path: string, message: string): never {
  throw new ValidationError("jwt", [{ path, message }]);
}

/** The algorithms that tokens may be signed with. @throws ValidationError */
export function algorithmsOf(options: JwtKeyOptions): string[] {
  const { jwksUrl, publicKey, secret } = options;
  if ([jwksUrl, publicKey, secret].filter((key) => key !== undefined).length !== 1) {
    refuse("", "expected one of jwksUrl, publicKey and secret");
  }
  if (secret !== undefined && Buffer.byteLength(secret) < SECRET_MIN_BYTES) {
    refuse("secret", `at least ${SECRET_MIN_BYTES} bytes`);
  }
  const isSecret = secret !== undefined;
  const algorithms = options.algorithms ?? (isSecret ? SECRET_ALGORITHMS : PUBLIC_KEY_ALGORITHMS);
  const wrong = algorithms.filter((name) => name === "none" || name.startsWith("HS") !== isSecret);
  if (algorithms.length === 0 || wrong.length > 0) {
    refuse(
      "algorithms",
      isSecret ? "a secret is for HS* alone" : "public keys are not for HS* or none",
    );
  }
  return [...algorithms];
}

/** The key that tokens are verified with; null where the identity provider has it. */
export function localKeyOf({ publicKey, secret }: JwtKeyOptions): KeyObject | null {
  if (secret !== undefined) return createSecretKey(Buffer.from(secret));
  if (publicKey === undefined) return null;
  return typeof publicKey === "string"
    ? createPublicKey(publicKey)
    : createPublicKey({ key: publicKey, format: "jwk" });
}

/** Looks keys up. That one is not there is the token's fault; that none can be read is not. */
export function remoteKeysOf(jose: JoseModule, url: URL): RemoteKeys {
  const { JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JOSENotSupported } = jose.errors;
  const keys = jose.createRemoteJWKSet(url);
  const find = async (...token: Parameters<RemoteKeys>) => {
    try {
      return await keys(...token);
    } catch (error) {
      const isTokens = [JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JOSENotSupported].some(
        (kind) => error instanceof kind,
      );
      throw isTokens ? error : new IdentityProviderUnavailableError(url.href, error);
    }
  };
  return find as RemoteKeys;
}
