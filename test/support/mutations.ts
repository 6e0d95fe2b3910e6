import type { OPERATIONS, Tenant } from "@stratum-hq/lib";
import { text } from "node:stream/consumers";
import { grownOld } from "./grown-old";
import { regionMutations } from "./region-mutations";
import { withShortOverlaps } from "./short-overlaps";
import { codeOf, type StratumFixture } from "./use-stratum";

const POLICY = { name: "n", resource_type: "*", action: "*", effect: "deny" } as const;

const CONSENT = { subject_id: "s", purpose: "p" };

export type Mutator = {
  [Method in keyof typeof OPERATIONS]: (typeof OPERATIONS)[Method][1] extends "reader"
    ? never
    : Method;
}[keyof typeof OPERATIONS];

/** Prepares a call, which is then made. */
export type Preparation = (root: Tenant, child: Tenant) => Promise<() => Promise<unknown>>;

/** One call of each method that changes something, prepared before it is made. */
export function mutationsOf(t: StratumFixture): Partial<Record<Mutator, Preparation>> {
  const roleOf = (root: Tenant) => ({ name: "r", scopes: ["read"], tenant_id: root.id });

  async function operationOf(root: Tenant, state: string): Promise<string> {
    const [operation] = await t.rows<{ id: string }>(
      `insert into stratum.operations (id, type, tenant_id, state, progress, actor_id, actor_type, claim_id)
       values (gen_random_uuid(), 'purge', $1, $2, '{"done": 0, "total": null}', 'a', 'system', $1)
       returning id`,
      [root.id, state],
    );
    return operation!.id;
  }

  return {
    createTenant: (root) =>
      Promise.resolve(() => t.stratum.createTenant({ name: "n", parent_id: root.id })),
    createOrganization: () => Promise.resolve(() => t.stratum.createOrganization({ name: "n" })),
    batchCreateTenants: () => Promise.resolve(() => t.stratum.batchCreateTenants([{ name: "n" }])),
    updateTenant: (root) =>
      Promise.resolve(() => t.stratum.updateTenant(root.id, { name: "other" })),
    moveTenant: (_root, child) => Promise.resolve(() => t.stratum.moveTenant(child.id, null)),
    reorderTenant: async (root, child) => {
      await t.stratum.createTenant({ name: "sibling", parent_id: root.id });
      return () => t.stratum.reorderTenant(child.id, 1);
    },
    suspendTenant: (_root, child) => Promise.resolve(() => t.stratum.suspendTenant(child.id)),
    resumeTenant: async (_root, child) => {
      await t.stratum.suspendTenant(child.id);
      return () => t.stratum.resumeTenant(child.id);
    },
    archiveTenant: (_root, child) => Promise.resolve(() => t.stratum.archiveTenant(child.id)),
    deleteTenant: (_root, child) => Promise.resolve(() => t.stratum.deleteTenant(child.id)),
    setConfig: (root) => Promise.resolve(() => t.stratum.setConfig(root.id, "k", { value: 1 })),
    deleteConfig: async (root) => {
      await t.stratum.setConfig(root.id, "k", { value: 1 });
      return () => t.stratum.deleteConfig(root.id, "k");
    },
    batchSetConfig: (root) =>
      Promise.resolve(() => t.stratum.batchSetConfig(root.id, [{ key: "k", value: 1 }])),
    createPermission: (root) =>
      Promise.resolve(() => t.stratum.createPermission(root.id, { key: "p" })),
    updatePermission: async (root) => {
      const { id } = await t.stratum.createPermission(root.id, { key: "p" });
      return () => t.stratum.updatePermission(root.id, id, { value: 1 });
    },
    deletePermission: async (root) => {
      const { id } = await t.stratum.createPermission(root.id, { key: "p" });
      return () => t.stratum.deletePermission(root.id, id);
    },
    banPermission: (root) => Promise.resolve(() => t.stratum.banPermission(root.id, "p")),
    liftPermissionBan: async (root) => {
      await t.stratum.banPermission(root.id, "p");
      return () => t.stratum.liftPermissionBan(root.id, "p");
    },
    createAbacPolicy: (root) => Promise.resolve(() => t.stratum.createAbacPolicy(root.id, POLICY)),
    deleteAbacPolicy: async (root) => {
      const { id } = await t.stratum.createAbacPolicy(root.id, POLICY);
      return () => t.stratum.deleteAbacPolicy(root.id, id);
    },
    recordUsage: (root) =>
      Promise.resolve(() => t.stratum.recordUsage(root.id, { metric: "calls" })),
    grantConsent: (root) => Promise.resolve(() => t.stratum.grantConsent(root.id, CONSENT)),
    revokeConsent: async (root) => {
      await t.stratum.grantConsent(root.id, CONSENT);
      return () => t.stratum.revokeConsent(root.id, CONSENT.subject_id, CONSENT.purpose);
    },
    ...regionMutations(t),
    createRole: (root) => Promise.resolve(() => t.stratum.createRole(roleOf(root))),
    updateRole: async (root) => {
      const { id } = await t.stratum.createRole(roleOf(root));
      return () => t.stratum.updateRole(id, { scopes: ["config:read"] });
    },
    deleteRole: async (root) => {
      const { id } = await t.stratum.createRole(roleOf(root));
      return () => t.stratum.deleteRole(id);
    },
    assignRole: async (root) => {
      const { id } = await t.stratum.createRole(roleOf(root));
      return () => t.stratum.assignRole("user", "u", id, root.id);
    },
    removeRole: async (root) => {
      const { id } = await t.stratum.createRole(roleOf(root));
      await t.stratum.assignRole("user", "u", id, root.id);
      return () => t.stratum.removeRole("user", "u", root.id);
    },
    createApiKey: (root) => Promise.resolve(() => t.stratum.createApiKey(root.id)),
    rotateApiKey: async (root) => {
      const { id } = await t.stratum.createApiKey(root.id);
      return () => t.stratum.rotateApiKey(id);
    },
    revokeApiKey: async (root) => {
      const { id } = await t.stratum.createApiKey(root.id);
      return () => t.stratum.revokeApiKey(id);
    },
    revokeApiKeys: async (root) => {
      await t.stratum.createApiKey(root.id);
      return () => t.stratum.revokeApiKeys(root.id);
    },
    assignRoleToKey: async (root) => {
      const [key, role] = [
        await t.stratum.createApiKey(root.id),
        await t.stratum.createRole(roleOf(root)),
      ];
      return () => t.stratum.assignRoleToKey(key.id, role.id);
    },
    removeRoleFromKey: async (root) => {
      const { id: role_id } = await t.stratum.createRole(roleOf(root));
      const { id } = await t.stratum.createApiKey(root.id, { role_id });
      return () => t.stratum.removeRoleFromKey(id);
    },
    exportAuditLogs: (root) =>
      Promise.resolve(() => t.stratum.exportAuditLogs({ tenant_id: root.id })),
    exportTenantData: (root) => Promise.resolve(() => t.stratum.exportTenantData(root.id)),
    exportTenantStream: (root) =>
      Promise.resolve(async () => text(await t.stratum.exportTenantStream(root.id))),
    provisionTenant: async (_root, child) => {
      // As if its process had died before it was active.
      await t.rows("update stratum.tenants set status = 'provisioning' where id = $1", [child.id]);
      return () => t.stratum.provisionTenant(child.id);
    },
    purgeTenant: (_root, child) => Promise.resolve(() => t.stratum.purgeTenant(child.id)),
    cancelOperation: async (root) => {
      const id = await operationOf(root, "running");
      return () => t.stratum.cancelOperation(id);
    },
    resumeOperation: async (root) => {
      const id = await operationOf(root, "failed");
      // What it is about is made up, so that going on with it fails; that it was resumed stays on record.
      return () => codeOf(t.stratum.resumeOperation(id));
    },
    refreshReferenceTables: () => Promise.resolve(() => t.stratum.refreshReferenceTables()),
    rotateEncryptionKey: () => Promise.resolve(() => t.stratum.rotateEncryptionKey()),
    rotateContextKey: async () => {
      await t.stratum.tenantPool();
      return () => withShortOverlaps(t, 0, () => t.stratum.rotateContextKey());
    },
    rotateDataKey: (root) => Promise.resolve(() => t.stratum.rotateDataKey(root.id)),
    purgeExpiredData: async (root) => {
      await grownOld(t, { table: "webhook_events", tenantId: root.id, days: 91 });
      return () => t.stratum.purgeExpiredData(90, { tenant_id: root.id });
    },
    purgeExpiredAuditLogs: async (root) => {
      await grownOld(t, { table: "audit_logs", tenantId: root.id, days: 401, count: 3 });
      return () => t.stratum.purgeExpiredAuditLogs({ tenant_id: root.id });
    },
    recordAuditEvent: () =>
      Promise.resolve(() =>
        t.stratum.recordAuditEvent({ actorId: "a", action: "login", resourceType: "session" }),
      ),
  };
}
