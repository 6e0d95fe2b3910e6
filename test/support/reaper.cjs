// Ends the test server of a run that was killed, and removes its directory: node reaper.cjs <directory>
const { existsSync, readFileSync, rmSync } = require("node:fs");
const { join } = require("node:path");

const directory = process.argv[2];

function end() {
  // An orderly run has removed it.
  if (!existsSync(directory)) return;
  try {
    const [pid] = readFileSync(join(directory, "data", "postmaster.pid"), "utf8").split("\n");
    process.kill(Number(pid), "SIGQUIT");
  } catch {
    // The server is gone already.
  }
  setTimeout(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }), 1_000);
}

process.stdin.resume().on("close", end);
