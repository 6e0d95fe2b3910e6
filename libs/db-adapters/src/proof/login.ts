import type { LoginKind } from "@stratum-hq/core";
import type { ClientBase } from "pg";
import { ownRows } from "../pg/column-types";

/** The login of a session, and what it may beside a tenant's rights. */
export interface LoginFacts {
  readonly name: string;
  readonly is_superuser: boolean;
  readonly is_owner: boolean;
  /** Whether it can act as stratum_tenant, without which nothing isolates. */
  readonly is_tenant: boolean;
}

const FACTS = `
  select session_user::text as name, r.rolsuper or r.rolbypassrls as is_superuser,
    exists (select from pg_policy p join pg_class c on c.oid = p.polrelid
      where p.polname = 'stratum_isolation' and pg_has_role(r.oid, c.relowner, 'MEMBER')) as is_owner,
    coalesce(pg_has_role(r.oid, (select oid from pg_roles where rolname = 'stratum_tenant'), 'SET'), false) as is_tenant
  from pg_roles r where r.rolname = session_user`;

export async function loginFacts(client: ClientBase): Promise<LoginFacts> {
  const rows = await ownRows<LoginFacts>(client, FACTS);
  return rows[0] as LoginFacts;
}

/** @param hardened whether nothing was found that the login may more than a tenant */
export function kindOf({ is_superuser, is_owner }: LoginFacts, hardened: boolean): LoginKind {
  if (hardened) return "hardened";
  if (is_superuser) return "superuser";
  return is_owner ? "owner" : "member";
}
