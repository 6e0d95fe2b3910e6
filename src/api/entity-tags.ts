import { createHash } from "node:crypto";
import { ValidationError } from "@stratum-hq/core";
import type { ApiRoute } from "./api-route";

type Members = Readonly<Record<string, unknown>>;

/** Enough of a hash to tell one content from another. */
const HASH_LENGTH = 22;

function versionOf(body: unknown): number | null {
  const { version } = (body ?? {}) as { readonly version?: unknown };
  return typeof version === "number" ? version : null;
}

/**
 * The entity tag of a response (RFC 9110, section 8.8.3): the version of what it shows, where that has one, and a hash of
 * the text, so that what the caller may see, and what is masked, is in it.
 */
export function entityTag(body: unknown, text: string): string {
  const hash = createHash("sha256").update(text).digest("base64url").slice(0, HASH_LENGTH);
  const version = versionOf(body);
  return version === null ? `"${hash}"` : `"${version}.${hash}"`;
}

/** Whether `If-None-Match` has the tag: then the client has the content. Weak tags compare as strong ones do. */
export function isKnown(tag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.split(",").map((each) => each.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(tag);
}

/** The part of a request that says which version the caller has read; null where the method takes none. */
function placeOfVersion({ query, body }: ApiRoute): "query" | "body" | null {
  if (body !== undefined && "expected_version" in body.shape) return "body";
  return query !== undefined && "expected_version" in query.shape ? "query" : null;
}

function refused(message: string): ValidationError {
  return new ValidationError("If-Match", [{ path: "", message }]);
}

/**
 * Has `If-Match` stand for `expected_version`.
 *
 * @throws ValidationError where the method knows no versions, or it is no tag of what has one
 */
export function withExpectedVersion(
  input: { readonly query: Members; readonly body: Members },
  route: ApiRoute,
  ifMatch: string | undefined,
): { readonly query: Members; readonly body: Members } {
  if (ifMatch === undefined || ifMatch.trim() === "*") return input;
  const place = placeOfVersion(route);
  if (place === null) throw refused("this route knows no versions, leave it out");
  const [, text] = /^"(\d{1,10})\.[\w-]+"$/.exec(ifMatch.trim()) ?? [];
  if (text === undefined) throw refused("expected one ETag of what is to be changed");
  const expected_version = Number(text);
  const given = input[place]["expected_version"] ?? expected_version;
  if (given !== expected_version) throw refused("it is of another version than expected_version");
  return { ...input, [place]: { ...input[place], expected_version } };
}
