import type { FactoryProvider } from "@nestjs/common";
import type { StratumApi } from "@stratum-hq/core";
import { ApiCalls } from "./api/api-calls";

/** A class to inject a part of the API by, which has that part's methods. */
export interface ApiToken<Api> {
  new (calls: ApiCalls): Api;
  readonly prototype: Api;
}

/**
 * Makes the class to inject a feature's part of the API by. Its calls go the way of the facade's: scopes, refusals and errors
 * are the same.
 *
 * @param methods the table of the part, as core has it
 */
export function apiToken<Api>(name: string, methods: Readonly<Record<keyof Api, unknown>>) {
  const token = {
    [name]: class {
      constructor(readonly calls: ApiCalls) {}
    },
  }[name] as unknown as ApiToken<Api>;
  for (const method of Object.keys(methods) as (keyof StratumApi)[]) {
    Object.defineProperty(token.prototype, method, {
      value: {
        [method](this: { calls: ApiCalls }, ...args: unknown[]) {
          return this.calls.call(method, args);
        },
      }[method],
    });
  }
  return token;
}

/** Provides a token. */
export function apiProvider(token: ApiToken<unknown>): FactoryProvider {
  return {
    provide: token,
    useFactory: (calls: ApiCalls) => new token(calls),
    inject: [ApiCalls],
  };
}
