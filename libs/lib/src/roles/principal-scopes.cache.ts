import { Injectable } from "@nestjs/common";
import { ChainCache } from "../persistence/chain-cache";

/** Scopes of principals, by type, id and tenant. */
@Injectable()
export class PrincipalScopesCache extends ChainCache<readonly string[]> {}
