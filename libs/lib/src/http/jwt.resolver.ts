import type { KeyObject } from "node:crypto";
import { StratumError, UnauthorizedError, ValidationError } from "@stratum-hq/core";
import { callerOf } from "../context/caller";
import type { Awaitable } from "./awaitable";
import { credentialOfClaims, type ClaimOptions } from "./jwt-claims";
import { algorithmsOf, loadJose, localKeyOf, remoteKeysOf, type JwtKeyOptions } from "./jwt-key";
import type { Credential, CredentialResolver } from "./tenant-resolver";
import { bearerOf, type TenantRequest } from "./tenant-request";
import { VerifiedTokens } from "./verified-tokens";

export interface JwtOptions extends JwtKeyOptions, ClaimOptions {
  /** What `iss` has to be. Required with public keys. */
  readonly issuer?: string | readonly string[];
  /** What `aud` has to have. Required with public keys. */
  readonly audience?: string | readonly string[];
  /** By how much clocks may differ, in seconds. Default 5. */
  readonly clockTolerance?: number;
}

const REFUSED = "The token is not valid. Get a new one.";

/** The claims of a JWT that comes as a bearer token, once it is verified. Tokens without `exp` and `sub` are refused. */
export class JwtResolver implements CredentialResolver {
  readonly kind = "credential";
  readonly #verified = new VerifiedTokens();
  readonly #options: JwtOptions;
  readonly #algorithms: string[];
  readonly #key: KeyObject | null;
  #verifier: Promise<(token: string) => Promise<Record<string, unknown>>> | null = null;

  /** @throws ValidationError */
  constructor(options: JwtOptions) {
    this.#options = options;
    this.#algorithms = algorithmsOf(options);
    this.#key = localKeyOf(options);
    const { secret, issuer, audience } = options;
    if (secret !== undefined || (issuer !== undefined && audience !== undefined)) return;
    throw new ValidationError("jwt", [{ path: "", message: "expected issuer and audience" }]);
  }

  authenticate(request: TenantRequest): Awaitable<Credential | null> {
    const token = bearerOf(request);
    if (token === null || !token.includes(".")) return null;
    return this.#verified.get(token) ?? this.verify(token);
  }

  private async verify(token: string): Promise<Credential> {
    this.#verifier ??= this.prepare();
    const verify = await this.#verifier;
    try {
      const claims = await verify(token);
      const credential = credentialOfClaims(claims, this.#options);
      // What cannot be an actor is refused here, as the credential that it is.
      callerOf(credential.actor);
      this.#verified.set(token, credential, Number(claims["exp"]));
      return credential;
    } catch (error) {
      if (error instanceof StratumError && error.statusCode >= 500) throw error;
      throw new UnauthorizedError(REFUSED, error);
    }
  }

  private async prepare() {
    const jose = await loadJose();
    const key = this.#key ?? remoteKeysOf(jose, new URL(this.#options.jwksUrl ?? ""));
    const { issuer, audience, clockTolerance = 5 } = this.#options;
    const options = {
      algorithms: this.#algorithms,
      clockTolerance,
      requiredClaims: ["exp", "sub"],
      ...(issuer === undefined ? {} : { issuer: [issuer].flat() }),
      ...(audience === undefined ? {} : { audience: [audience].flat() }),
    };
    return async (token: string): Promise<Record<string, unknown>> =>
      (typeof key === "function"
        ? await jose.jwtVerify(token, key, options)
        : await jose.jwtVerify(token, key, options)
      ).payload;
  }
}
