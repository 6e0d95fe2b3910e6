import { Injectable } from "@nestjs/common";
import type { ResolvedConfig } from "@stratum-hq/core";
import { ChainCache } from "../persistence/chain-cache";

/** Resolved configurations by tenant. */
@Injectable()
export class ConfigCache extends ChainCache<ResolvedConfig> {}
