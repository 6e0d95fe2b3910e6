// The files of the repository.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Their paths, without what npm and the compiler made. */
export function filesOfTree() {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  });
  return listed.split("\n").filter((each) => each !== "" && existsSync(each));
}
