import { Injectable } from "@nestjs/common";
import { requireSound } from "@stratum-hq/db-adapters";
import { IsolationPlaces } from "./isolation-places";

/** What has to hold of the shared database before this process serves tenants. */
@Injectable()
export class IsolationStart {
  constructor(private readonly places: IsolationPlaces) {}

  /**
   * Refuses a hole, and a login that cannot act as a tenant, or in `tenantPool` may more than one. Passes
   * where there is neither a table of tenants' rows nor a `tenantPool`: a tree and configuration need no grants.
   *
   * @throws TenantRoleMissingError, TenantPoolUnsafeError, IsolationUnsoundError, DatabaseUnavailableError
   */
  async requireSound(): Promise<void> {
    await requireSound(this.places.shared().connections, this.places.hardened);
  }
}
