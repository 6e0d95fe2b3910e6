import { execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import { withShortOverlaps } from "./support/short-overlaps";
import { createTestDatabase, type TestDatabase } from "./support/test-database";

const ROOT = join(__dirname, "..");
const PACKAGES = [
  "@stratum-hq/core",
  "@stratum-hq/db-adapters",
  "@stratum-hq/migrations",
  "@stratum-hq/lib",
  "@stratum-hq/embedded",
];
const CONTROL_PLANE = "@stratum-hq/control-plane";
const ENTRY_POINTS: Record<string, string> = {
  "@stratum-hq/core": "foldConfig",
  "@stratum-hq/db-adapters": "TenantPool",
  "@stratum-hq/migrations": "MIGRATIONS",
  "@stratum-hq/lib": "Stratum",
  "@stratum-hq/embedded": "startEmbeddedPostgres",
};

/** The code between `<!-- snippet:name -->` and the end of its block. */
function snippet(file: string, name: string): string {
  const text = readFileSync(join(ROOT, file), "utf8");
  const [, code] =
    new RegExp(`<!-- snippet:${name} -->\\s*\`\`\`ts\\n(.*?)\`\`\``, "s").exec(text) ?? [];
  if (code === undefined) throw new Error(`${file} has no snippet ${name}`);
  return code;
}

describe("the packed packages, installed into an empty folder", () => {
  let folder: string;
  let database: TestDatabase;

  /** The folder, and the database by pg's variables. */
  function environment() {
    const { hostname, port, username, password, pathname } = new URL(database.url);
    return {
      cwd: folder,
      encoding: "utf8",
      timeout: 60_000,
      env: {
        ...process.env,
        PGHOST: hostname,
        PGPORT: port,
        PGUSER: username,
        PGPASSWORD: password,
        PGDATABASE: pathname.slice(1),
      },
    } as const;
  }

  function run(file: string, code: string) {
    writeFileSync(join(folder, file), code);
    return spawnSync(process.execPath, [file], environment());
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "stratum-packed-"));
    database = await createTestDatabase({ migrated: false });
    const npm = (...args: string[]) =>
      execFileSync("npm", args, {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
      });
    execFileSync("npm", ["run", "--silent", "build"], { cwd: ROOT });
    const packed = JSON.parse(
      execFileSync(
        "npm",
        [
          "pack",
          "--workspaces",
          "--include-workspace-root",
          "--json",
          "--pack-destination",
          folder,
        ],
        {
          cwd: ROOT,
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        },
      ),
    ) as { name: string; filename: string; files: { path: string }[] }[];
    for (const { name, files } of packed) {
      const entry = name === CONTROL_PLANE ? "dist/main.js" : "dist/index.js";
      const paths = files.map(({ path }) => path);
      expect(paths).toEqual(
        expect.arrayContaining(["LICENSE", "README.md", "package.json", entry]),
      );
      expect(
        paths.filter(
          (path) => /spec|mutants|tsbuildinfo|\.ts$/.test(path) && !path.endsWith(".d.ts"),
        ),
      ).toEqual([]);
    }
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(ROOT, "package.json"), "utf8"),
    ) as Record<string, Record<string, string>>;
    const others = ["pg", "typescript", "@types/node", "@types/pg"].map(
      (name) => `${name}@${dependencies?.[name] ?? devDependencies?.[name] ?? ""}`,
    );
    npm(
      "install",
      "--no-audit",
      "--no-fund",
      "--prefer-offline",
      "--silent",
      ...packed.map(({ filename }) => join(folder, filename)),
      ...others,
    );
  }, 400_000);

  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(PACKAGES)("%s can be required and imported by name", (name) => {
    const entry = ENTRY_POINTS[name] as string;
    const required = run("required.cjs", `console.log(typeof require("${name}").${entry});`);
    const imported = run(
      "imported.mjs",
      `import { ${entry} } from "${name}"; console.log(typeof ${entry});`,
    );
    expect([required.stderr, imported.stderr]).toEqual(["", ""]);
    expect(required.stdout).toMatch(/function|object/);
    expect(imported.stdout).toBe(required.stdout);
  });

  it("the control plane boots with npx, and the requests that it prints can be pasted", async () => {
    const variables = { PORT: "0", LOG_LEVEL: "silent", NODE_ENV: "development" };
    const child = spawn("npx", ["--no-install", CONTROL_PLANE], {
      cwd: folder,
      env: { ...process.env, ...variables },
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    try {
      const requests: string[] = [];
      for await (const line of createInterface({ input: child.stdout })) {
        if (line.startsWith("  curl ")) requests.push(line.trim());
        if (requests.length === 3) break;
      }
      const answers = requests.map((request) =>
        execFileSync("bash", ["-c", request], { encoding: "utf8", cwd: folder }),
      );
      const [made, found, listed] = answers.map((text) => JSON.parse(text) as { slug?: string });
      expect(made).toMatchObject({ slug: "acmesec" });
      expect(found).toEqual(made);
      expect(listed).toEqual({ data: [made], next_cursor: null, has_more: false });
    } finally {
      // The whole group: npx starts the program through a shell.
      process.kill(-child.pid!, "SIGTERM");
      await new Promise((done) => child.once("close", done));
    }
  });

  it("TypeORM has an entry of its own, without which nobody loads it", () => {
    const code = (name: string) =>
      `const loaded = require("${name}");
       const typeorm = Object.keys(require.cache).some((file) => file.includes("/node_modules/typeorm/"));
       console.log(typeof (loaded.TenantDataSource ?? loaded.TenantPool), typeorm);`;
    expect(run("with.cjs", code("@stratum-hq/db-adapters/typeorm")).stdout).toBe("function true\n");
    expect(run("without.cjs", code("@stratum-hq/db-adapters")).stdout).toBe("function false\n");
  });

  it("types hold for CommonJS and ES modules", () => {
    const code = [
      snippet("README.md", "mission"),
      "export const shown: boolean | undefined = config.max_users?.inherited;",
    ];
    writeFileSync(join(folder, "consumer.mts"), code.join("\n"));
    const wrapped = code[0]?.replace(/^import .*$/gm, "");
    writeFileSync(
      join(folder, "consumer.cts"),
      `import { Pool } from "pg";\nimport { Stratum } from "@stratum-hq/lib";\nexport async function main() {${wrapped}\nreturn config; }\n`,
    );
    const tsc = spawnSync(
      process.execPath,
      [
        join("node_modules", "typescript", "bin", "tsc"),
        "--noEmit",
        "--strict",
        "--module",
        "nodenext",
        "--target",
        "es2022",
        "--types",
        "node",
        "consumer.mts",
        "consumer.cts",
      ],
      { cwd: folder, encoding: "utf8" },
    );
    expect(tsc.stdout).toBe("");
    expect(tsc.status).toBe(0);
  });

  it("the mission's snippet runs unchanged, and the program ends by itself once its pool has", () => {
    const unchanged = snippet("README.md", "mission");
    const { stdout, stderr, status } = run(
      "mission.mjs",
      `${unchanged}\nconsole.log(JSON.stringify(config.max_users));\nprocess.exit(0);`,
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ value: 1000, inherited: true, source: "acmesec" });
    const ending = run(
      "ending.mjs",
      `const { default: pg } = await import("pg");
       const { Stratum } = await import("@stratum-hq/lib");
       const pool = new pg.Pool();
       const stratum = new Stratum({ pool });
       await stratum.resolveConfig((await stratum.createTenant({ name: "Ends" })).id);
       await pool.end();
       console.log("ended");`,
    );
    expect(ending).toMatchObject({ status: 0, stdout: "ended\n", stderr: "" });
  });

  it.each([
    ["libs/lib/README.md", "lib", "true light\nalice config.updated\n"],
    [
      "docs/access.md",
      "access",
      "true\nfalse harbor_logistics\ntrue explicit_allow\nSCOPE_ESCALATION\n",
    ],
    [
      "docs/audit.md",
      "audit",
      'config.updated {"key":"smtp.password","value":"[masked]","locked":false,"version":1,"sensitive":false}\n' +
        "TENANT_NOT_FOUND\n3\n{ deleted_count: 0 } { deleted_count: 0 }\n",
    ],
    [
      "docs/tenants.md",
      "tenants",
      "guarded > north_partner 2\ntrue\nNorth Partner, Bakery, Brewery\ntrue\nVERSION_CONFLICT\n" +
        "suspended\nactive\n",
    ],
    [
      "docs/configuration.md",
      "configuration",
      "15 false\n60 config_partner true\nCONFIG_LOCKED\n" +
        "config_partner=60:true config_customer=15:false\n" +
        "theme ok, session.minutes error CONFIG_LOCKED\nconflict session.minutes: conflict, theme: missing\n15\n",
    ],
    ["docs/encryption.md", "encryption", "hunter2 true\n[masked]\n"],
    [
      "docs/dry-run.md",
      "dryrun",
      "tenant.suspended active suspended\ntenant.suspended active suspended\nCareful Partner, Client\n" +
        "CONFIG_LOCKED\nactive\n",
    ],
    ["docs/gdpr.md", "purge", "2 1 1\ntrue system\nTENANT_ON_LEGAL_HOLD\n"],
    ["docs/gdpr.md", "export", "stratum-tenant-export 1 newsletter\n1\n"],
    ["docs/regions.md", "regions", "eu_central active [masked]\ntrue\nREGION_IN_USE 2\ntrue\n"],
    ["docs/roll-ups.md", "rollups", "1250\nManaged Services 0\nClient 1250\n2 0 0\n"],
    ["docs/isolation.md", "isolation", "1\n0\nTENANT_CONTEXT_MISSING\n"],
    ["docs/tenant-tables.md", "tables", "1 high\n1 high\n1 1\n1 1\n"],
    ["docs/typeorm.md", "typeorm", "2\n1\nTENANT_CONTEXT_MISSING\n"],
    ["docs/databases.md", "databases", "active\nAnn true\n"],
    [
      "docs/proof.md",
      "proof",
      "false standard superuser\npublic.notes: row-level security is not forced: it does not hold for the owner\ntrue\n",
    ],
    ["docs/errors.md", "errors", "TENANT_NOT_FOUND 404 { slug: 'nobody' }\n"],
    ["libs/core/README.md", "core", "true root\n"],
  ])("the snippet of %s runs", (file, name, printed) => {
    const { stdout, stderr } = run(`${name}.mjs`, asJavaScript(snippet(file, name)));
    expect(stderr).toBe("");
    expect(stdout).toBe(printed);
  });

  it("the snippet of docs/isolation.md on the signing key runs, without its minute of overlap", async () => {
    writeFileSync(
      join(folder, "context-key.mjs"),
      asJavaScript(snippet("docs/isolation.md", "contextkey")),
    );
    const started = promisify(execFile)(process.execPath, ["context-key.mjs"], environment());
    const rows = async <Row>(text: string, values?: unknown[]) =>
      (await database.pool.query(text, values)).rows as Row[];
    const { stdout, stderr } = await withShortOverlaps({ rows }, 0, () => started);
    expect(stderr).toBe("");
    expect(stdout).toBe("true []\n");
  });
});

/** What TypeScript makes of a snippet, decorators included. */
function asJavaScript(code: string): string {
  const { outputText } = transpileModule(code, {
    compilerOptions: {
      module: ModuleKind.ESNext,
      target: ScriptTarget.ES2022,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
    },
  });
  return outputText;
}
