import { namesSecret } from "./secret-names";

/** What stands in the place of a secret. */
export const MASK = "[masked]";

/** Prefixes of Stratum's own keys and webhook secrets, whatever `keyPrefix` says. */
const OWN_PREFIXES = ["sk_live_", "sk_test_", "whsec_"];
/** Characters behind the prefix from which on it is a key: 24 bytes in base64. */
const KEY_LENGTH = 32;

/** Bounds what is looked through for the end of credentials; PostgreSQL takes no such bound, and needs none. */
const CREDENTIALS = "{0,1024}";

/** Whether it is worth looking closer; plain searches, since most texts that pass hold nothing. */
function isSuspicious(text: string): boolean {
  if (text.includes("=") || text.includes("://")) return true;
  if (text.length < BEARER_LENGTH) return false;
  return text.includes("_") || text.includes("eyJ") || /bearer|PRIVATE KEY/i.test(text);
}

/** Characters of a token from which on it is one. */
const BEARER_LENGTH = 16;
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}-----)?/g;
/** What may hold JSON Web Tokens, whole: one class of characters, so that no place is looked at twice. */
const DOTTED_RUN = /[A-Za-z0-9_.-]{21,}/g;
const TOKEN_START = "eyJ";
/** Characters of the first part behind its start, and of the second part. */
const TOKEN_PART_LENGTH = 8;
const BEARER = new RegExp(`\\b(bearer\\s+)[A-Za-z0-9._~+/=-]{${BEARER_LENGTH},}`, "gi");
const NAMED = /(^|[\s?&;,#])([A-Za-z][\w.-]{0,63})=('[^']*'|"[^"]*"|[^\s&;,#]+)/g;

/** The sources of the patterns that SQL shares, in what JavaScript and PostgreSQL both understand. */
export interface SecretPatterns {
  /** The text of one of Stratum's keys. */
  readonly key: string;
  /** Scheme (group 1) and credentials of a URL; those may hold what they should have escaped. */
  readonly url: string;
  /** What the keys begin with. */
  readonly prefixes: readonly string[];
}

/**
 * @param keyPrefix what this deployment's API keys begin with
 * @param quote whether the text is JSON, whose strings nothing may cross
 */
export function secretPatterns(keyPrefix: string | undefined, quote = false): SecretPatterns {
  const prefixes = [...new Set([...OWN_PREFIXES, ...(keyPrefix === undefined ? [] : [keyPrefix])])];
  const [end, path] = quote ? [`\\s"`, `\\s"/?#`] : ["\\s", "\\s/?#"];
  const length = quote ? "*" : CREDENTIALS;
  const authority = `[^${path}]${length}`;
  const unescaped = `[^${path}:@]{0,255}:(?![0-9]{1,5}(?:[/?#]|$))[^${end}]${length}`;
  // In JSON, the n of a line's end is no letter of a key's.
  const start = quote ? "(?<!\\\\)" : "";
  return {
    prefixes,
    key: `${start}(?:${prefixes.join("|")})[A-Za-z0-9+/_=-]{${KEY_LENGTH},}`,
    url: `([a-zA-Z][a-zA-Z0-9+.-]{0,30}://)(?:${authority}|${unescaped})@`,
  };
}

/**
 * Masks the JSON Web Tokens in a text of letters, digits, `_`, `-` and dots. One pattern for whole tokens would
 * begin again at each `eyJ` and read to the end of the text each time: text made of them would take the square
 * of its length.
 */
function maskTokens(run: string): string {
  const parts = run.split(".");
  const masked: string[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] as string;
    const start = part.indexOf(TOKEN_START);
    const isToken =
      start >= 0 &&
      part.length - start >= TOKEN_START.length + TOKEN_PART_LENGTH &&
      (parts[at + 1]?.length ?? 0) >= TOKEN_PART_LENGTH &&
      parts[at + 2] !== undefined;
    masked.push(isToken ? `${part.slice(0, start)}${MASK}` : part);
    if (isToken) at += 2;
  }
  return masked.join(".");
}

/** Takes secrets out of a text that is none itself. */
export type TextMask = (text: string) => string;

/** See {@link TextMask}: keys, tokens, private keys, and credentials in URLs and connection strings. */
export function textMask(keyPrefix?: string): TextMask {
  const { key, url } = secretPatterns(keyPrefix);
  const [keys, urls] = [new RegExp(key, "g"), new RegExp(url, "g")];
  return (text) =>
    isSuspicious(text)
      ? text
          .replace(PRIVATE_KEY, MASK)
          .replace(urls, `$1${MASK}@`)
          .replace(keys, MASK)
          .replace(DOTTED_RUN, maskTokens)
          .replace(BEARER, `$1${MASK}`)
          .replace(NAMED, (whole, before: string, name: string) =>
            namesSecret(name) ? `${before}${name}=${MASK}` : whole,
          )
      : text;
}
