import { Inject, Injectable, type OnModuleInit } from "@nestjs/common";
import { ModuleRef } from "@nestjs/core";
import { ApiKeyValidationService } from "../api-keys/api-key-validation.service";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import type { TenantKey } from "../tenancy/tenant-key";
import type { TenantRequest } from "./tenant-request";
import type {
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

  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly providers: ModuleRef,
    private readonly keys: ApiKeyValidationService,
  ) {}

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
  async credential(request: TenantRequest): Promise<Credential | RefusedCredential | null> {
    for (const resolver of this.#credentials) {
      try {
        const found = await resolver.authenticate(request, this.keys);
        if (found !== null) return found;
      } catch (error) {
        return new RefusedCredential(resolver, error);
      }
    }
    return null;
  }

  /** The first tenant that the request names; null where it names none. */
  async selected(request: TenantRequest): Promise<TenantKey | null> {
    for (const resolver of this.#selectors) {
      const found = await resolver.select(request);
      if (found !== null) return found;
    }
    return null;
  }
}
