import type { Tenant } from "@stratum-hq/lib";
import type { Readable } from "node:stream";
import { verifyExport } from "../../examples/verify-export";
import type { StratumFixture } from "./use-stratum";

/** A secret that {@link furnishTenant} leaves in the configuration. */
export const HUSH = "hush-hush-4711";

/** A value with what formats stumble over. */
export const ODD = {
  text: 'line\nfeed \u2028 "quoted" \\ 東京 🧑',
  nested: [{ a: null }],
  big: 1e300,
};

/** Gives a tenant a row, or more, in each table. */
export async function furnishTenant(t: StratumFixture, { id }: Tenant): Promise<void> {
  const { stratum } = t;
  await stratum.setConfig(id, "odd", { value: ODD });
  await stratum.setConfig(id, "smtp", { value: { login: HUSH }, sensitive: true });
  await stratum.createPermission(id, { key: "p" });
  await stratum.banPermission(id, "q");
  await stratum.createAbacPolicy(id, {
    ...{ name: "n", resource_type: "*", action: "*", effect: "deny" },
    conditions: [{ attribute: "a", operator: "eq", value: 1 }],
  });
  const role = await stratum.createRole({ name: "r", scopes: ["read"], tenant_id: id });
  await stratum.assignRole("user", "u", role.id, id);
  await stratum.createApiKey(id, { role_id: role.id });
  await stratum.recordUsage(id, { metric: "m", quantity: 0.1 });
  await stratum.grantConsent(id, { subject_id: "s", purpose: "p", metadata: ODD });
  // More digits than a double has.
  await t.rows(
    `update stratum.usage_events set quantity = 123456789.12345678901234567890
     where tenant_id = $1`,
    [id],
  );
}

/** What a stream has, by part, read by the program of the examples, which finds nothing wrong with it. */
export async function exportedRows(
  stream: Readable,
): Promise<Record<string, Record<string, unknown>[]>> {
  const rows: Record<string, Record<string, unknown>[]> = {};
  const problems = await verifyExport(stream, (part, row) => void (rows[part] ??= []).push(row));
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return rows;
}
