// The OpenAPI document: shapes from the control plane's routes, words from the comments of core's contract.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import ts from "typescript";

const require = createRequire(import.meta.url);
const ROOT = join(import.meta.dirname, "..");
const CORE = join(ROOT, "libs/core/src");

/** Comments link to methods and services by name: over HTTP the name alone is what helps. */
const plain = (text) => text.replaceAll(/\{@link (?:\w+\.)?(\w+)\}/g, "`$1`");

/** The code of each class of errors. */
const CODES = Object.fromEntries(
  readdirSync(CORE, { recursive: true })
    .filter((file) => file.endsWith(".errors.ts"))
    .flatMap((file) => [
      ...readFileSync(join(CORE, file), "utf8").matchAll(
        /class (\w+) extends [\s\S]*?super\(\s*"([A-Z_]+)"/g,
      ),
    ])
    .map(([, name, code]) => [name, code]),
);

function codeOf(name) {
  if (CODES[name] === undefined)
    throw new Error(`A comment names ${name}, which is no error of core.`);
  return CODES[name];
}

function commentOf(member) {
  const [comment] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc).slice(-1);
  if (comment === undefined) return undefined;
  const description = plain(ts.getTextOfJSDocComment(comment.comment) ?? "").replaceAll(
    /\s*\n\s*/g,
    " ",
  );
  const thrown = (comment.tags ?? [])
    .filter((tag) => tag.tagName.text === "throws")
    .map((tag) => `${tag.getText()}`)
    .join(" ");
  const [summary = description] = /^.*?[.:;](?=\s|$)/.exec(description) ?? [];
  return {
    summary: summary.replace(/[.:;]$/, ""),
    description,
    names: [...thrown.matchAll(/\b(\w+Error)\b/g)].map(([name]) => codeOf(name)),
    like: [...thrown.matchAll(/\{@link (?:\w+\.)?(\w+)\}/g)].map(([, name]) => name),
  };
}

/** Of each method: what its comment says. Of overloads the last one with a comment counts. */
function comments() {
  const found = {};
  for (const file of readdirSync(CORE, { recursive: true }).filter((each) =>
    /(^|[/.])api\.ts$/.test(each),
  )) {
    const source = ts.createSourceFile(
      file,
      readFileSync(join(CORE, file), "utf8"),
      ts.ScriptTarget.Latest,
      true,
    );
    for (const statement of source.statements.filter(ts.isInterfaceDeclaration)) {
      for (const member of statement.members.filter(ts.isMethodSignature)) {
        const comment = commentOf(member);
        if (comment !== undefined) found[member.name.text] = comment;
      }
    }
  }
  return found;
}

function errorsOf(name, all, seen = new Set()) {
  if (seen.has(name) || all[name] === undefined) return [];
  seen.add(name);
  const { names, like } = all[name];
  return [...new Set([...names, ...like.flatMap((each) => errorsOf(each, all, seen))])];
}

/** The document, as JSON. */
export function openApiDocument() {
  const { FEATURES } = require(join(ROOT, "src/features.ts"));
  const { OpenApiDocument } = require(join(ROOT, "src/openapi/document.ts"));
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const all = comments();
  const words = Object.fromEntries(
    Object.entries(all).map(([name, { summary, description }]) => [
      name,
      { summary, description, errors: errorsOf(name, all) },
    ]),
  );
  return JSON.stringify(new OpenApiDocument(FEATURES, words, version).build());
}
