import { IsolationUnsoundError } from "@stratum-hq/core";
import { requireHardened } from "../hardening/require-hardened";
import type { TenantConnections } from "../placement/placement";
import { examine, hasTenantTables } from "./examine";
import { reading, requireTenantRole } from "./survey";

/**
 * What has to hold before the first statement of a tenant's: by the catalogue alone, in one transaction. A
 * database without tables of tenants' rows passes unseen, unless its login is for tenants alone.
 *
 * @param connections of the login that tenants' statements go through
 * @param hardened whether that login is for tenants alone
 * @throws TenantRoleMissingError, TenantPoolUnsafeError, IsolationUnsoundError, DatabaseUnavailableError
 */
export async function requireSound(
  connections: TenantConnections,
  hardened: boolean,
): Promise<void> {
  await reading(connections, async (client) => {
    if (!hardened && !(await hasTenantTables(client))) return;
    if (hardened) await requireHardened(client);
    await requireTenantRole(client);
    const { findings } = await examine(client, hardened);
    if (findings.length > 0) throw new IsolationUnsoundError(findings);
  });
}
