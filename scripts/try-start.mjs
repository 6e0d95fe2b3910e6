// Starts the control plane as the README says, `npm start`, sends the requests that it prints, and ends it.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const folder = mkdtempSync(join(tmpdir(), "stratum-start-"));
// Root runs the server as another user, who has to get there.
chmodSync(folder, 0o755);
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

const child = spawn("npm", ["start"], {
  detached: true,
  env: { ...process.env, LOG_LEVEL: "warn", PORT: "0", STRATUM_DATA_DIR: join(folder, "postgres") },
  stdio: ["ignore", "pipe", "inherit"],
});
const ended = new Promise((done) => child.once("close", done));

const requests = [];
for await (const line of createInterface({ input: child.stdout })) {
  console.log(line.replace(/sk_live_[\w-]+/g, "sk_live_…"));
  if (line.startsWith("  curl ")) requests.push(line.trim());
  if (requests.length === 3) break;
}
for (const request of requests) {
  const answer = JSON.parse(execFileSync("bash", ["-c", request], { encoding: "utf8" }));
  if (answer.code !== undefined) throw new Error(`${answer.code}: ${answer.detail}`);
}
// The whole group: npm starts the program through a shell.
process.kill(-child.pid, "SIGTERM");
await ended;
if (requests.length < 3) throw new Error("It printed no requests to try.");
console.log("The requests that it printed were answered.");
