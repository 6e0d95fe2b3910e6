import { spawn, type ChildProcess } from "node:child_process";
import { closeSync } from "node:fs";
import type { Binaries } from "./binaries";
import { STARTER_SETTING } from "./owner";
import type { Place } from "./place";
import { ADDRESS } from "./port";
import { openLog } from "./server-log";

/** What a server process is started with. */
export interface ServerCommand extends Place {
  readonly binaries: Binaries;
  /** The name of the handle that is going to own it. */
  readonly owner: string;
  readonly fsync: boolean;
  readonly settings: Readonly<Record<string, string>>;
}

/** Starts the program; it lives on when this one ends, and does not keep this one from ending. */
export function spawnServer(command: ServerCommand, port: number): ChildProcess {
  const { dataDir, user, binaries } = command;
  const settings = {
    listen_addresses: ADDRESS,
    port: String(port),
    unix_socket_directories: "",
    fsync: command.fsync ? "on" : "off",
    // The log then has the SQLSTATEs.
    log_error_verbosity: "verbose",
    ...command.settings,
    [STARTER_SETTING]: command.owner,
  };
  const assignments = Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const log = openLog(dataDir, user);
  try {
    const child = spawn(binaries.postgres, ["-D", dataDir, ...assignments], {
      ...user,
      cwd: "/",
      // A Ctrl-C in the terminal is for the program, which stops its server itself.
      detached: true,
      stdio: ["ignore", log, log],
      env: { ...process.env, LC_ALL: "C" },
    });
    // Without a listener Node would throw; that the program did not start shows in its exit code.
    child.on("error", () => undefined);
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}
