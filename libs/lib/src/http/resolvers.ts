import { Inject, Injectable, type OnModuleInit } from "@nestjs/common";
import { ModuleRef } from "@nestjs/core";
import { ApiKeyValidationService } from "../api-keys/api-key-validation.service";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import type { TenantKey } from "../tenancy/tenant-key";
import { proceed, settle, type Awaitable } from "./awaitable";
import type { TenantRequest } from "./tenant-request";
import type {
  ApiKeyValidator,
  Credential,
  CredentialResolver,
  TenantResolver,
  TenantSelector,
} from "./tenant-resolver";

/** A credential that was refused, and by whom. */
export class RefusedCredential {
  constructor(
    readonly resolver: CredentialResolver,
    readonly error: unknown,
  ) {}
}

/** The resolvers of the options, in their order. */
@Injectable()
export class Resolvers implements OnModuleInit {
  #credentials: readonly CredentialResolver[] = [];
  #selectors: readonly TenantSelector[] = [];
  private readonly keys: ApiKeyValidator;

  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly providers: ModuleRef,
    validation: ApiKeyValidationService,
  ) {
    this.keys = {
      validateApiKey: (key) => {
        const known = validation.validateNow(key);
        return known === undefined ? validation.validateApiKey(key) : known;
      },
    };
  }

  onModuleInit(): void {
    const resolvers = (this.options.http?.resolvers ?? []).map((resolver) =>
      typeof resolver === "function"
        ? this.providers.get<TenantResolver>(resolver, { strict: false })
        : resolver,
    );
    this.#credentials = resolvers.filter((resolver) => resolver.kind === "credential");
    this.#selectors = resolvers.filter((resolver) => resolver.kind === "selector");
  }

  /** The first credential; null where the request has none. One that is not valid leaves no other way in. */
  credential(request: TenantRequest, from = 0): Awaitable<Credential | RefusedCredential | null> {
    const resolver = this.#credentials[from];
    if (resolver === undefined) return null;
    const found = settle<Credential | RefusedCredential | null>(
      () => resolver.authenticate(request, this.keys),
      (error) => new RefusedCredential(resolver, error),
    );
    return proceed(found, (credential) => credential ?? this.credential(request, from + 1));
  }

  /** The first tenant that the request names; null where it names none. */
  selected(request: TenantRequest, from = 0): Awaitable<TenantKey | null> {
    const resolver = this.#selectors[from];
    if (resolver === undefined) return null;
    return proceed(resolver.select(request), (key) => key ?? this.selected(request, from + 1));
  }
}
