import fc from "fast-check";
import type { JsonValue } from "../json/json-value";
import { maskSecrets, secretMask } from "./mask-secrets";
import { namesSecret } from "./secret-names";
import { MASK } from "./secret-text";

const KEY_TEXT = `sk_live_${"aZ09-_bQ".repeat(6)}`.slice(0, 51);
const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;

/** A value with a secret somewhere in it, made of what stands around it. */
function around(inner: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> {
  return fc
    .tuple(inner, fc.array(fc.tuple(fc.constantFrom("a", "rows", "config", "x1"), json)))
    .map(([value, steps]) =>
      steps.reduce<JsonValue>(
        (nested, [name, other], n) => (n % 2 === 0 ? { other, [name]: nested } : [other, nested]),
        value,
      ),
    );
}

describe("namesSecret", () => {
  it.each([
    ..."password PASSWORD dbPassword db_password_prod passwords secret client_secret secretForX".split(
      " ",
    ),
    ..."token accessToken x-auth-token API_KEY apiKey apikey X-Api-Key2 private_key key_hash".split(
      " ",
    ),
    ..."Authorization proxy-authorization set-cookie credentials AWS_SECRET_ACCESS_KEY".split(" "),
    ..."signingKey encryption.key plaintext_key pass passwd passphrase secrets".split(" "),
  ])("knows %s", (name) => expect(namesSecret(name)).toBe(true));

  it.each([
    ..."secretary tokenizer passenger compass author authority key keys key_prefix keyboard".split(
      " ",
    ),
    ..."api_key_id token_ttl password_min_length secret_rotation token_type monkey value".split(
      " ",
    ),
    ..."name status key_hint tokenUrl passed bypass public_key primary_key sort_key".split(" "),
  ])("does not take %s for one", (name) => expect(namesSecret(name)).toBe(false));
});

describe("maskSecrets", () => {
  it.each<[string, JsonValue, JsonValue]>([
    ["a member named so", { password: "p", n: 1 }, { password: MASK, n: 1 }],
    ["whatever is below it", { credentials: { user: "u", p: ["x"] } }, { credentials: MASK }],
    ["a number", { otp: 123456 }, { otp: MASK }],
    [
      "no flags, nothing and counts",
      { token: null, secret: true, max_tokens: 9, password: "" },
      { token: null, secret: true, max_tokens: 9, password: "" },
    ],
    [
      "the value of what says it is sensitive",
      { key: "a", value: { b: 1 }, sensitive: true },
      { key: "a", value: MASK, sensitive: true },
    ],
    [
      "and not of what is not",
      { key: "a", value: 1, sensitive: false },
      { key: "a", value: 1, sensitive: false },
    ],
    [
      "the value of a key named so",
      { key: "smtp.password", value: "x", locked: false },
      { key: "smtp.password", value: MASK, locked: false },
    ],
    [
      "entries keyed by their names",
      {
        api_token: { key: "api_token", value: "x", version: 2 },
        b: { key: "b", value: 3, sensitive: true },
      },
      {
        api_token: { key: "api_token", value: MASK, version: 2 },
        b: { key: "b", value: MASK, sensitive: true },
      },
    ],
    [
      "headers",
      { headers: { Authorization: "Basic dTpw", Accept: "*/*" } },
      { headers: { Authorization: MASK, Accept: "*/*" } },
    ],
    ["keys as text", `leaked ${KEY_TEXT}!`, `leaked ${MASK}!`],
    ["webhook secrets", `whsec_${"MfKQ9r8GKYqr/wEk+8==".repeat(2)}`, MASK],
    ["a URL's credentials", "postgres://u:p@h:5432/db", `postgres://${MASK}@h:5432/db`],
    ["also unescaped ones", "postgres://u:p/a#b@ss@h/db", `postgres://${MASK}@h/db`],
    ["in the midst of text", "see https://u:p@h/x and b@c", `see https://${MASK}@h/x and b@c`],
    ["and no mail address", "https://h:80/x?mail=a@b", "https://h:80/x?mail=a@b"],
    ["parameters", "https://h/x?a=1&api_key=k&b=2", `https://h/x?a=1&api_key=${MASK}&b=2`],
    ["connection strings", "host=h password='a b' user=u", `host=h password=${MASK} user=u`],
    ["bearers", "Bearer abcdefghijklmnop", `Bearer ${MASK}`],
    [
      "private keys",
      "x -----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY----- y",
      `x ${MASK} y`,
    ],
    ["names of members", { [KEY_TEXT]: 1 }, { [MASK]: 1 }],
  ])("masks %s", (_, value, masked) => expect(maskSecrets(value)).toEqual(masked));

  it("masks keys of the prefix that is configured", () => {
    const key = KEY_TEXT.replace("sk_live_", "acme_");
    expect(maskSecrets(key)).toBe(key);
    expect(maskSecrets({ a: [key] }, "acme_")).toEqual({ a: [MASK] });
  });

  it("leaves no trace of a secret, wherever it stands", () => {
    const secret = fc.constantFrom<(text: string) => JsonValue>(
      (text) => ({ password: text }),
      (text) => ({ "X-Api-Key": { deep: [text] } }),
      (text) => ({ sensitive: true, value: { text } }),
      (text) => `https://user:${text}@example.com/`,
      (text) => ({ note: `key ${KEY_TEXT}`, client_secret: text }),
    );
    const text = fc.stringMatching(/^hush[A-Za-z0-9!$%*+,.;=-]{8,40}$/);
    const hidden = fc
      .tuple(text, secret)
      .chain(([hush, make]) => fc.tuple(fc.constant(hush), around(fc.constant(make(hush)))));
    fc.assert(
      fc.property(hidden, ([hush, value]) => {
        const masked = JSON.stringify(maskSecrets(value));
        expect(masked).not.toContain(hush);
        expect(masked).not.toContain(KEY_TEXT);
      }),
    );
  });

  it("changes nothing but secrets, and nothing twice", () => {
    fc.assert(
      fc.property(json, (value) => {
        const masked = maskSecrets(value);
        expect(maskSecrets(masked)).toBe(masked);
      }),
    );
    const clean = fc.dictionary(fc.constantFrom("a", "name", "tenant_id", "key"), fc.integer());
    fc.assert(fc.property(clean, (value) => expect(maskSecrets(value)).toBe(value)));
  });

  it("masks the tokens that the definition of a token finds", () => {
    const token = /eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g;
    const piece = fc.constantFrom("eyJ", "abcdefgh", "abcdefg", ".", "-", " ", "=", "/", "ey");
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, (given) => {
        expect(maskSecrets(given)).toBe(given.replace(token, MASK));
      }),
      { numRuns: 2000 },
    );
  });

  it("ends soon on text made to keep it busy", () => {
    for (const part of [
      "a://",
      "a://b:",
      "?a=",
      "bearer ",
      "eyJ",
      "sk_live_",
      "-----BEGIN ",
      "x@",
    ]) {
      expect(typeof maskSecrets(part.repeat(16_384 / part.length))).toBe("string");
    }
  });
});

describe("secretMask", () => {
  it("shows in neither state what one of them says is sensitive", () => {
    const { states } = secretMask();
    const open = { key: "a", value: "x", sensitive: false };
    const closed = { key: "a", value: "x", sensitive: true };
    const hidden = [
      { ...open, value: MASK },
      { ...closed, value: MASK },
    ];
    expect(states(open, closed)).toEqual(hidden);
    expect(states({ a: open, b: 1 }, { a: closed })).toEqual([
      { a: hidden[0], b: 1 },
      { a: hidden[1] },
    ]);
    expect(states(null, open)).toEqual([null, open]);
  });
});
