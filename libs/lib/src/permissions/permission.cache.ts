import { Injectable } from "@nestjs/common";
import type { ResolvedPermissions } from "@stratum-hq/core";
import { ChainCache } from "../persistence/chain-cache";

/** Resolved permissions by tenant. */
@Injectable()
export class PermissionCache extends ChainCache<ResolvedPermissions> {}
