import { mkdtemp, rm, chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@stratum-hq/embedded";
import { Stratum } from "@stratum-hq/lib";
import { Pool } from "pg";
import { measure, type Result, type Workload } from "./harness";
import { ABAC_WORKLOADS } from "./workloads/abac";
import { API_KEY_WORKLOADS } from "./workloads/api-keys";
import { AUDIT_WORKLOADS } from "./workloads/audit";
import { CONFIG_WORKLOADS } from "./workloads/config";
import { DATABASE_WORKLOADS } from "./workloads/databases";
import { ENCRYPTION_WORKLOADS } from "./workloads/encryption";
import { ISOLATION_WORKLOADS } from "./workloads/isolation";
import { LATENCY_WORKLOADS } from "./workloads/latency";
import { EXPORT_WORKLOADS } from "./workloads/export";
import { NEST_WORKLOADS } from "./workloads/nest";
import { PERMISSION_WORKLOADS } from "./workloads/permissions";
import { PLACEMENT_WORKLOADS } from "./workloads/placements";
import { REST_WORKLOADS } from "./workloads/rest";
import { ROLL_UP_WORKLOADS } from "./workloads/roll-up";
import { TREE_WORKLOADS } from "./workloads/tree";
import { TYPEORM_WORKLOADS } from "./workloads/typeorm";

const WORKLOADS: readonly Workload[] = [
  ...CONFIG_WORKLOADS,
  ...TREE_WORKLOADS,
  ...ABAC_WORKLOADS,
  ...API_KEY_WORKLOADS,
  ...AUDIT_WORKLOADS,
  ...PERMISSION_WORKLOADS,
  ...EXPORT_WORKLOADS,
  ...ENCRYPTION_WORKLOADS,
  ...ISOLATION_WORKLOADS,
  ...LATENCY_WORKLOADS,
  ...PLACEMENT_WORKLOADS,
  ...DATABASE_WORKLOADS,
  ...NEST_WORKLOADS,
  ...TYPEORM_WORKLOADS,
  ...ROLL_UP_WORKLOADS,
  ...REST_WORKLOADS,
];

/** `--json` prints one object a line; `--only NAME` runs one workload. */
function readArguments(): { json: boolean; chosen: readonly Workload[] } {
  const args = process.argv.slice(2);
  const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : undefined;
  const chosen = WORKLOADS.filter(({ name }) => only === undefined || name === only);
  if (chosen.length > 0) return { json: args.includes("--json"), chosen };
  throw new Error(`--only takes one of ${WORKLOADS.map(({ name }) => name).join(", ")}`);
}

function print(result: Result, json: boolean): void {
  const round = (value: number): number => Number(value.toPrecision(4));
  const { workload, title, ours, baseline, ratio, bound, wanted, met, round_trips, note } = result;
  if (json) {
    const figures = { ours: round(ours), baseline: round(baseline), ratio: round(ratio) };
    console.log(JSON.stringify({ workload, ...figures, bound, met, round_trips, note }));
    return;
  }
  const cells = [
    workload.padEnd(18),
    `${round(ours)} us`.padStart(12),
    `${round(baseline)} us`.padStart(12),
    ratio.toFixed(2).padStart(8),
    wanted.padStart(22),
    (met ? "met" : "MISSED").padStart(8),
    String(round_trips).padStart(6),
  ];
  console.log(`${cells.join(" ")}   ${title}`);
  if (note !== null) console.log(`${"".padEnd(18)} ${note}`);
}

/** Each workload has a database of its own, so that none inherits another's dead rows. */
async function run(workload: Workload, serverUrl: string): Promise<Result> {
  const admin = new Pool({ connectionString: serverUrl, max: 1 });
  // What the server ends when it stops, or drops a database.
  admin.on("error", () => undefined);
  const name = `bench_${workload.name.replaceAll("-", "_")}`;
  await admin.query(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const pool = new Pool({ connectionString: url.toString(), max: 20 });
  pool.on("error", () => undefined);
  const stratum = new Stratum({ pool });
  try {
    await stratum.initialize();
    return await measure(workload, { pool, stratum });
  } finally {
    await stratum.close();
    await pool.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
}

async function main(): Promise<void> {
  const { json, chosen } = readArguments();
  const directory = await mkdtemp(join(tmpdir(), "stratum-bench-"));
  await chmod(directory, 0o755);
  const server = await startEmbeddedPostgres({
    dataDir: join(directory, "data"),
    fsync: false,
    settings: { shared_buffers: "512MB", max_wal_size: "8GB", synchronous_commit: "off" },
  });
  try {
    if (!json) {
      console.log(
        `${"workload".padEnd(18)} ${"ours".padStart(12)} ${"baseline".padStart(12)} ${"ratio".padStart(8)} ` +
          `${"bound".padStart(22)} ${"".padStart(8)} ${"trips".padStart(6)}   ours | baseline (medians per unit of work)`,
      );
    }
    for (const workload of chosen) print(await run(workload, server.url), json);
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
