import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

function ps(pid: number, field: string): string {
  const options = ["-ww", "-p", String(pid), "-o", `${field}=`];
  return execFileSync("ps", options, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

/**
 * When a process began, as a text that means something only on this machine: a pid alone names another
 * process after a while. Null where there is none, or only a zombie.
 */
export function startOf(pid: number): string | null {
  try {
    if (process.platform !== "linux") return ps(pid, "lstart").trim().replaceAll(/\s+/g, "_");
    // proc(5): the name, in parentheses, may hold anything; state is field 3, starttime field 22.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

/** A process's program and arguments, with a space after each; empty where it is gone. */
export function commandOf(pid: number): string {
  try {
    if (process.platform !== "linux") return `${ps(pid, "command").trim()} `;
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
