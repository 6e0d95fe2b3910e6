import { ClsServiceManager, type ClsStore } from "nestjs-cls";
import { ACTOR, type Caller } from "../context/caller";
import { TENANT, type Entered } from "../context/tenant-context";
import type { CredentialLimit } from "./tenant-resolver";
import type { TenantKey } from "../tenancy/tenant-key";

const STATE = Symbol("stratum.request");

/** What came of a request's credential and of its selection of a tenant. */
export interface RequestState {
  /** Who sent it, anonymous where nobody is authenticated. */
  caller: Caller;
  /** What limits the requests of its API key; null where nothing of its own does. */
  rate_limit: CredentialLimit | null;
  /** Why it has no tenant, where that was refused. */
  failure: unknown;
  /** See `Resolvers.misread`: asked again once the framework has chosen a route. */
  misread: () => TenantKey | null;
}

/** Runs `work` in the context of a request: what changes in `state` and `entered` changes in the context. */
export function runInRequest(state: RequestState, entered: Entered, work: () => void): void {
  const cls = ClsServiceManager.getClsService();
  // A host's own context goes on; an earlier request's actor and tenant do not.
  const own = { [ACTOR]: state.caller, [TENANT]: entered, [STATE]: state };
  const store: ClsStore = cls.isActive() ? { ...cls.get(), ...own } : own;
  cls.runWith(store, work);
}

/** The request in context; null outside of one. */
export function requestState(): RequestState | null {
  const cls = ClsServiceManager.getClsService();
  return (cls.isActive() ? cls.get<RequestState | undefined>(STATE) : undefined) ?? null;
}

/** Has the code that runs in the request act for a caller. */
export function actFor(caller: Caller): void {
  ClsServiceManager.getClsService().set(ACTOR, caller);
}
