import { TENANT_SLUG_MAX_LENGTH } from "@stratum-hq/core";
import { transliterate } from "transliteration";

/** Digits that a derived slug's number has at most. */
const NUMBER_MAX_DIGITS = 7;
/** What a name without a single usable character becomes. */
const FALLBACK = "tenant";
/** Room for `_` and eight random hex digits, should every number be taken. */
const BASE_MAX_LENGTH = TENANT_SLUG_MAX_LENGTH - 9;

/** The slug that a name suggests: `Ümläut & Sons` becomes `umlaut_sons`. */
export function slugBaseOf(name: string): string {
  const words = transliterate(name)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const text = words === "" ? FALLBACK : /^[a-z]/.test(words) ? words : `t_${words}`;
  return text.slice(0, BASE_MAX_LENGTH).replace(/_+$/, "");
}

/** The slug without the number that a collision appends. */
function seriesOf(slug: string): string {
  return slug.replace(new RegExp(`_[0-9]{1,${NUMBER_MAX_DIGITS}}$`), "");
}

/** What to lock before taking a slug: `acme_2` may also be the second one derived from `acme`. */
export function namesOfSlug(slug: string): string[] {
  return [`slug:${seriesOf(slug)}`];
}

/** What to lock before taking the next slug of a base. */
export function namesOfSlugBase(base: string): string[] {
  return [`slug:${base}`, `slug:${seriesOf(base)}`];
}

/** What to lock before taking an external id. */
export function namesOfExternalId(externalId: string | null | undefined): string[] {
  return externalId == null ? [] : [`external_id:${externalId}`];
}
