import { Injectable } from "@nestjs/common";
import type { PermissionBan } from "@stratum-hq/core";
import { Database } from "../persistence/database";
import type { Transaction } from "../persistence/transaction";

export interface BanRow extends PermissionBan {
  /** The bound of who made it, null for the platform. */
  readonly banned_by: string | null;
}

const BAN_COLUMNS = "tenant_id, key, banned_by, created_at";

/** The statements of bans. */
@Injectable()
export class PermissionBanStore {
  constructor(private readonly database: Database) {}

  /** Bans a key; undefined where it is banned already. */
  async insert(
    tx: Transaction,
    ban: { tenant_id: string; key: string; banned_by: string | null },
  ): Promise<BanRow | undefined> {
    const rows = await tx.query<BanRow>(
      `insert into stratum.permission_bans (tenant_id, key, banned_by) values ($1, $2, $3)
       on conflict (tenant_id, key) do nothing returning ${BAN_COLUMNS}`,
      [ban.tenant_id, ban.key, ban.banned_by],
    );
    return rows[0];
  }

  async find(tx: Transaction, tenantId: string, key: string): Promise<BanRow | undefined> {
    const rows = await tx.query<BanRow>(
      `select ${BAN_COLUMNS} from stratum.permission_bans where tenant_id = $1 and key = $2`,
      [tenantId, key],
    );
    return rows[0];
  }

  async delete(tx: Transaction, tenantId: string, key: string): Promise<void> {
    await tx.query("delete from stratum.permission_bans where tenant_id = $1 and key = $2", [
      tenantId,
      key,
    ]);
  }

  /** A tenant's own bans in the order of their keys, after `cursor`. */
  async list(tenantId: string, cursor: string | null, limit: number): Promise<PermissionBan[]> {
    return this.database.query<PermissionBan>(
      `select tenant_id, key, created_at from stratum.permission_bans
       where tenant_id = $1 and ($2::text is null or key > $2) order by key limit $3`,
      [tenantId, cursor, limit],
    );
  }
}
