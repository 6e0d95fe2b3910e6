// All mutants: each `*.mutants.mjs` exports one list of them, and lies beside the code that they change.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { filesOfTree } from "./tree.mjs";

const lists = filesOfTree().filter((file) => file.endsWith(".mutants.mjs"));
const modules = await Promise.all(lists.map((file) => import(pathToFileURL(resolve(file)).href)));

/**
 * Each mutant removes one guard; `test`, a file and part of a title, is what must then fail. `find`
 * occurs exactly once in `file`, and so does the first of `also`, which is replaced by the second.
 */
export const MUTANTS = modules.flatMap((each) => Object.values(each).flat());
