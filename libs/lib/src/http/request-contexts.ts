import type { ServerResponse } from "node:http";
import { Injectable } from "@nestjs/common";
import { RefusalRecorder } from "../audit/refusal-recorder";
import { anonymousCaller, callerOf, type Caller } from "../context/caller";
import type { Entered } from "../context/tenant-context";
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
    const state = { caller: anonymousCaller(source_ip, request_id), failure: null };
    const entered = { context: null, ended: false };
    response.once("close", () => (entered.ended = true));
    runInRequest(state, entered, () => void this.resolve(request, state, entered).then(next));
  }

  private async resolve(
    request: TenantRequest,
    state: RequestState,
    entered: Entered,
  ): Promise<void> {
    const anonymous = state.caller;
    try {
      const credential = await this.authenticate(request, state);
      actFor(state.caller);
      const selected = await this.resolvers.selected(request);
      const choice = await this.choice.choose(request, credential, state.caller, selected);
      if (choice === null) return;
      entered.context = choice.tenant.context;
      if (choice.boundTo === null) return;
      state.caller = boundCaller(anonymous, credential, choice.boundTo);
      actFor(state.caller);
    } catch (error) {
      state.failure = error;
      this.refusals.noteCall(OPERATION);
      // A handler that is public runs for nobody, where somebody was refused.
      actFor(anonymous);
    }
  }

  /** @throws what the credential was refused with */
  private async authenticate(
    request: TenantRequest,
    state: RequestState,
  ): Promise<Credential | null> {
    const found = await this.resolvers.credential(request);
    if (found === null) return null;
    if (found instanceof RefusedCredential) {
      // An API key's refusal was recorded, for its tenant, where it was validated.
      if (!(found.resolver instanceof ApiKeyResolver)) {
        this.refusals.noteCall(found.resolver.constructor.name, found.error);
      }
      throw found.error;
    }
    state.caller = senderOf(found, state.caller);
    return found;
  }
}

const callers = new WeakMap<Credential, Caller>();

/** Who a credential stands for; without a tenant of its own, somebody who may do nothing yet. */
function senderOf(credential: Credential, { source_ip, request_id }: Caller): Caller {
  let caller = callers.get(credential);
  if (caller === undefined) {
    const { actor, unbound = false } = credential;
    caller = callerOf(unbound ? { ...actor, scopes: [] } : actor);
    callers.set(credential, caller);
  }
  return { ...caller, source_ip, request_id };
}
