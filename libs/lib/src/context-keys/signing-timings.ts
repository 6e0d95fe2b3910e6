import { Injectable } from "@nestjs/common";
import { CONTEXT_KEY_MAX_AGE_MS } from "@stratum-hq/core";

/** How long a process trusts what it knows, in milliseconds; tests put less in its place. */
@Injectable()
export class SigningTimings {
  /** Since the begin of the last look at which key is current, and at whether a tenant may be acted for. */
  readonly maxAge: number = CONTEXT_KEY_MAX_AGE_MS;
}
