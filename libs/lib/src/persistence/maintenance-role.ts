import { Injectable } from "@nestjs/common";
import { MaintenanceRoleMissingError } from "@stratum-hq/core";
import { sqlStateOf } from "./database-errors";
import type { Sql } from "./sql";

/** No membership, or (after a dump was restored on another server) no such role. */
const ROLE_REFUSED = ["42501", "22023"];

/** The role that may call the functions for retention, purge and the keys of contexts. */
@Injectable()
export class MaintenanceRole {
  /**
   * Becomes stratum_maintenance until the transaction ends, or {@link leave}; the role of before.
   *
   * @throws MaintenanceRoleMissingError
   */
  async assume(tx: Sql): Promise<string> {
    const [was] = await tx.query<{ role: string; login: string; grantee: string }>(
      `select current_setting('role') as role, session_user as login,
              quote_ident(session_user) as grantee`,
    );
    const { role, login, grantee } = was as { role: string; login: string; grantee: string };
    try {
      await tx.query("select set_config('role', 'stratum_maintenance', true)");
    } catch (error) {
      if (!ROLE_REFUSED.includes(sqlStateOf(error) ?? "")) throw error;
      const statement = `grant stratum_maintenance to ${grantee} with inherit false, set true`;
      throw new MaintenanceRoleMissingError(login, statement, error);
    }
    return role;
  }

  /** Becomes again what {@link assume} said. */
  async leave(tx: Sql, role: string): Promise<void> {
    await tx.query("select set_config('role', $1, true)", [role]);
  }
}
