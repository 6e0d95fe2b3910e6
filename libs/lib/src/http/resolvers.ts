import { Inject, Injectable, type OnModuleInit } from "@nestjs/common";
import { ModuleRef } from "@nestjs/core";
import { ApiKeyValidationService } from "../api-keys/api-key-validation.service";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import type { TenantKey } from "../tenancy/tenant-key";
import { proceed, settle, type Awaitable } from "./awaitable";
import { PathResolver } from "./path.resolver";
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

/** What selectors found. */
export interface Selection {
  /** Null where the request names no tenant. */
  readonly key: TenantKey | null;
  /** How many selectors were asked; the last of them found the key. */
  readonly asked: number;
}

function isSameKey(a: TenantKey | null, b: TenantKey | null): boolean {
  if (a === null || b === null) return a === b;
  return "id" in a ? "id" in b && a.id === b.id : "slug" in b && a.slug === b.slug;
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

  /** The first tenant that the request names. */
  selected(request: TenantRequest, from = 0): Awaitable<Selection> {
    const resolver = this.#selectors[from];
    if (resolver === undefined) return { key: null, asked: from };
    return proceed(resolver.select(request), (key) =>
      key === null ? this.selected(request, from + 1) : { key, asked: from + 1 },
    );
  }

  /**
   * What a path was read to name, where the route that the framework has chosen since names something else:
   * the handler's parameter is then not the tenant that was checked. Null where both agree.
   */
  misread(request: TenantRequest, { key, asked }: Selection): TenantKey | null {
    for (const [at, selector] of this.#selectors.slice(0, asked).entries()) {
      if (!(selector instanceof PathResolver)) continue;
      const before = at === asked - 1 ? key : null;
      const routed = selector.select(request);
      if (!isSameKey(before, routed)) return routed ?? before;
    }
    return null;
  }
}
