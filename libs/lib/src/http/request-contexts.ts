import type { ServerResponse } from "node:http";
import { Injectable } from "@nestjs/common";
import { RefusalRecorder } from "../audit/refusal-recorder";
import { anonymousCaller, callerOf, type Caller } from "../context/caller";
import type { Entered } from "../context/tenant-context";
import { isPending, proceed, settle, type Awaitable } from "./awaitable";
import { ApiKeyResolver } from "./api-key.resolver";
import { actFor, runInRequest, type RequestState } from "./request-state";
import { RefusedCredential, Resolvers } from "./resolvers";
import { boundCaller, TenantChoice } from "./tenant-choice";
import type { TenantRequest } from "./tenant-request";
import type { Credential } from "./tenant-resolver";

/** The name under which refusals before any handler are recorded. */
const OPERATION = "request";

/** Runs each request in the context of its tenant and its actor. */
@Injectable()
export class RequestContexts {
  constructor(
    private readonly resolvers: Resolvers,
    private readonly choice: TenantChoice,
    private readonly refusals: RefusalRecorder,
  ) {}

  /**
   * Calls `next` in the context of a request, which ends with the response. Nothing is refused here: why there
   * is no tenant is kept for the guard, whose errors the application renders.
   */
  open(request: TenantRequest, response: ServerResponse, next: () => void): void {
    const { source_ip, request_id } = request;
    const caller = anonymousCaller(source_ip, request_id);
    const state: RequestState = { caller, rate_limit: null, failure: null, misread: () => null };
    const entered = { context: null, ended: false, lookedAt: performance.now() };
    response.once("close", () => (entered.ended = true));
    runInRequest(state, entered, () => {
      const resolving = this.resolve(request, state, entered);
      if (isPending(resolving)) void resolving.then(next);
      else next();
    });
  }

  private resolve(
    request: TenantRequest,
    state: RequestState,
    entered: Entered,
  ): Awaitable<undefined> {
    const anonymous = state.caller;
    const resolved = (): Awaitable<undefined> =>
      proceed(this.authenticate(request, state), (credential) =>
        proceed(this.resolvers.selected(request), (selected) => {
          state.misread = () => this.resolvers.misread(request, selected);
          const { key } = selected;
          return proceed(this.choice.choose(request, credential, state.caller, key), (choice) => {
            if (choice === null) return undefined;
            entered.context = choice.tenant.context;
            if (choice.boundTo === null) return undefined;
            state.caller = boundCaller(anonymous, credential, choice.boundTo);
            actFor(state.caller);
            return undefined;
          });
        }),
      );
    return settle(resolved, (error) => {
      state.failure = error;
      this.refusals.noteCall(OPERATION);
      // A handler that is public runs for nobody, where somebody was refused.
      actFor(anonymous);
      return undefined;
    });
  }

  /** @throws what the credential was refused with */
  private authenticate(request: TenantRequest, state: RequestState): Awaitable<Credential | null> {
    return proceed(this.resolvers.credential(request), (found) => {
      if (found === null) return null;
      if (found instanceof RefusedCredential) throw this.refused(found);
      state.caller = senderOf(found, state.caller);
      state.rate_limit = found.rate_limit ?? null;
      actFor(state.caller);
      return found;
    });
  }

  private refused({ resolver, error }: RefusedCredential): unknown {
    // An API key's refusal was recorded, for its tenant, where it was validated.
    if (!(resolver instanceof ApiKeyResolver)) {
      this.refusals.noteCall(resolver.constructor.name, error);
    }
    return error;
  }
}

const callers = new WeakMap<Credential, Caller>();

/** Who a credential stands for; without a tenant of its own, somebody who may do nothing yet. */
function senderOf(credential: Credential, { source_ip, request_id }: Caller): Caller {
  let caller = callers.get(credential);
  if (caller === undefined) {
    const { actor, unbound = false } = credential;
    caller = callerOf(unbound ? { ...actor, scopes: [] } : { scopes: [], ...actor });
    callers.set(credential, caller);
  }
  return { ...caller, source_ip, request_id };
}
