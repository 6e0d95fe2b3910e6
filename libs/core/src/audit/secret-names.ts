/** Whatever might hold one of the words below, so that other names are not taken apart. */
const SUSPICIOUS = /pass|pwd|secret|token|auth|cred|key|cookie|bearer|jwt|pepper|otp|signature/i;

/** Words that name a secret, alone or among others: `db_password`, `tokenForStripe`, `X-Auth-Token`. */
const SECRET_WORDS: ReadonlySet<string> = new Set([
  ..."password passwd passwort passphrase passcode pwd secret token authorization".split(" "),
  ..."credential cookie bearer jwt pepper otp apikey authtoken accesstoken refreshtoken".split(" "),
  ..."clientsecret secretkey privatekey accesskey".split(" "),
]);

/** What a key has to be of to be a secret: `api_key`, `privateKey`, `plaintext_key`, and `key_hash`. */
const SECRET_KEYS: ReadonlySet<string> = new Set(
  "api access private secret signing encryption encrypted master plaintext wrapped auth".split(" "),
);

/** Last words of names that tell of a secret without holding it: `token_ttl`, `api_key_id`. */
const HARMLESS_ENDS: ReadonlySet<string> = new Set([
  ..."id ids name names type kind count length size min max limit policy rotation version".split(
    " ",
  ),
  ..."at on ttl expiry expires days hours minutes seconds ms window enabled required status".split(
    " ",
  ),
  ..."prefix hint url uri endpoint issuer audience algorithm scope scopes state reason".split(" "),
  ..."read write manage create delete update list rotate revoke reveal use view grant".split(" "),
]);

/** The words of a name, in whatever case it is written: `X-Api-Key`, `apiKey2` and `API_KEY` are alike. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
}

function singular(word: string): string {
  return word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

function isSecretAt(words: readonly string[], index: number): boolean {
  const word = words[index] as string;
  if (SECRET_WORDS.has(word)) return true;
  if (word !== "key") return index === 0 && words.length === 1 && word === "pass";
  return SECRET_KEYS.has(words[index - 1] ?? "") || words[index + 1] === "hash";
}

/** What was found of names lately: the same ones come again and again. */
const KNOWN = new Map<string, boolean>();
const MAX_KNOWN = 1000;
const MAX_KNOWN_LENGTH = 64;

/**
 * Whether a member, header or parameter of that name holds a secret. Goes by whole words, so that a
 * `secretary` and a `tokenizer` are none.
 */
export function namesSecret(name: string): boolean {
  const known = KNOWN.get(name);
  if (known !== undefined) return known;
  const found = hasSecretWord(name);
  if (KNOWN.size >= MAX_KNOWN) KNOWN.clear();
  if (name.length <= MAX_KNOWN_LENGTH) KNOWN.set(name, found);
  return found;
}

function hasSecretWord(name: string): boolean {
  if (!SUSPICIOUS.test(name)) return false;
  const words = wordsOf(name);
  if (HARMLESS_ENDS.has(words.at(-1) ?? "")) return false;
  const singulars = words.map(singular);
  return singulars.some((_, index) => isSecretAt(singulars, index));
}

/** Whether the name is of several: `max_tokens` counts them, where its value is a number. */
export function namesSeveral(name: string): boolean {
  return /s$/i.test(name);
}
