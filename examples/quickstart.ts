import { startEmbeddedPostgres } from "@stratum-hq/embedded";
import { Stratum, type ResolvedConfig, type Tenant } from "@stratum-hq/lib";
import { Pool } from "pg";
import { bold, dim, green, table, yellow } from "./print";

/** The tree of an MSSP: a platform, two providers that resell it, and their customers. */
async function buildTree(stratum: Stratum) {
  const create = (name: string, parent?: Tenant) =>
    stratum.createTenant({ name, ...(parent === undefined ? {} : { parent_id: parent.id }) });
  const root = await create("AcmeSec");
  const northStar = await create("NorthStar", root);
  const blueHarbor = await create("Blue Harbor", root);
  return {
    root,
    northStar,
    blueHarbor,
    bakery: await create("Bakery Lind", northStar),
    clinic: await create("City Clinic", northStar),
    harbor: await create("Harbor Logistics", blueHarbor),
    museum: await create("Modern Museum", blueHarbor),
  };
}

async function configure(stratum: Stratum, tree: Awaited<ReturnType<typeof buildTree>>) {
  await stratum.setConfig(tree.root.id, "max_users", { value: 1000 });
  await stratum.setConfig(tree.root.id, "mfa", { value: "required", locked: true });
  await stratum.setConfig(tree.northStar.id, "max_users", { value: 250 });
  await stratum.setConfig(tree.clinic.id, "retention_days", { value: 3650 });
  return stratum.batchSetConfig(tree.blueHarbor.id, [
    { key: "retention_days", value: 90 },
    { key: "theme", value: { accent: "#0a6ebd" } },
    { key: "mfa", value: "optional" },
  ]);
}

async function printTree(stratum: Stratum, root: Tenant): Promise<void> {
  console.log(`${bold(root.name)} ${dim(root.slug)}`);
  for (const tenant of await stratum.getDescendants(root.id)) {
    console.log(`${"   ".repeat(tenant.depth - 1)}└─ ${tenant.name} ${dim(tenant.slug)}`);
  }
}

function rowsOf(tenant: Tenant, config: ResolvedConfig): string[][] {
  return Object.values(config).map((entry) => [
    tenant.name,
    entry.key,
    JSON.stringify(entry.value),
    entry.inherited ? entry.source : green("own"),
    entry.locked ? yellow("locked") : "",
  ]);
}

async function printConfig(stratum: Stratum, tenants: readonly Tenant[]): Promise<void> {
  const rows: string[][] = [];
  for (const tenant of tenants)
    rows.push(...rowsOf(tenant, await stratum.resolveConfig(tenant.id)));
  console.log(table(["tenant", "key", "value", "source", "lock"], rows));
}

async function main(): Promise<void> {
  const server = await startEmbeddedPostgres();
  const pool = new Pool({ connectionString: server.url });
  // pool.end() does not wait until connections have closed: the server may end them as it stops.
  pool.on("error", () => undefined);
  const stratum = new Stratum({ pool });
  try {
    const tree = await buildTree(stratum);
    const batch = await configure(stratum, tree);

    console.log(bold("\nThe tree"));
    await printTree(stratum, tree.root);

    console.log(bold("\nA batch for Blue Harbor: one bad key fails alone"));
    for (const { key, status, error } of batch.results) {
      console.log(
        status === "ok" ? `  ${green("ok")}     ${key}` : `  ${yellow("refused")} ${error}`,
      );
    }

    const customers = [tree.bakery, tree.clinic, tree.harbor, tree.museum];
    console.log(bold("\nWhat each customer's configuration resolves to"));
    await printConfig(stratum, customers);

    await stratum.moveTenant(tree.clinic.id, tree.blueHarbor.id);
    console.log(bold("\nCity Clinic moves to Blue Harbor, and inherits from there"));
    await printTree(stratum, tree.root);
    await printConfig(stratum, [tree.clinic]);
    console.log(
      dim(`\nData: ${server.dataDir}. Run it again and another tree stands beside this one.`),
    );
  } finally {
    await stratum.close();
    await pool.end();
    await server.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
