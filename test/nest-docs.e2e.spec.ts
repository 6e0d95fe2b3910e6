import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "./support/test-database";

const ROOT = join(__dirname, "..");

describe("docs/nest.md", () => {
  let database: TestDatabase;
  const folder = mkdtempSync(join(tmpdir(), "stratum-docs-"));
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  it.each([
    [
      "nest",
      '{"theme":"dark","tickets":[{"title":"Printer is on fire"}]}\nTENANT_NOT_FOUND\nUNAUTHORIZED\nok\n',
    ],
    ["parts", "14\n"],
  ])("has a program %s that runs", (name, printed) => {
    const text = readFileSync(join(ROOT, "docs", "nest.md"), "utf8");
    const [, code = ""] =
      new RegExp(`<!-- snippet:${name} -->\\s*\`\`\`ts\\n(.*?)\`\`\``, "s").exec(text) ?? [];
    const program = join(folder, `${name}.ts`);
    writeFileSync(program, `import "reflect-metadata";\n${code}`);
    const { hostname, port, username, password, pathname } = new URL(database.url);
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["-r", join(__dirname, "support", "register.cjs"), program],
      {
        encoding: "utf8",
        timeout: 100_000,
        env: {
          ...process.env,
          NODE_PATH: join(ROOT, "node_modules"),
          PGHOST: hostname,
          PGPORT: port,
          PGUSER: username,
          PGPASSWORD: password,
          PGDATABASE: pathname.slice(1),
        },
      },
    );
    expect(stderr).toBe("");
    expect(stdout).toBe(printed);
    expect(status).toBe(0);
  });
});
