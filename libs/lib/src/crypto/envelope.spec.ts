import fc from "fast-check";
import { randomBytes } from "node:crypto";
import { open, seal, versionOf, type Place } from "./envelope";

const name = fc.stringMatching(/^[a-z|._]{0,6}$/);
const place: fc.Arbitrary<Place> = fc.record({
  tenant_id: fc.option(fc.uuid()),
  table: fc.constantFrom("config_entries", "regions"),
  column: fc.constantFrom("value", "database_url"),
  row: name,
});
const dataKey = fc
  .record({ version: fc.integer({ min: 1, max: 2_147_483_647 }), seed: fc.nat() })
  .map(({ version }) => ({ version, key: randomBytes(32) }));

const FIELDS = ["tenant_id", "table", "column", "row"] as const;

describe("a sealed value", () => {
  it("opens with the key and the place that it was sealed for, and says its version", () => {
    fc.assert(
      fc.property(dataKey, place, fc.string({ unit: "grapheme" }), (key, where, text) => {
        const sealed = seal(key, where, text);
        expect(open(key, where, sealed)).toBe(text);
        expect(versionOf(sealed)).toBe(key.version);
      }),
    );
  });

  it("does not open anywhere else", () => {
    fc.assert(
      fc.property(dataKey, place, place, fc.subarray([...FIELDS]), (key, from, other, moved) => {
        const to = { ...from, ...Object.fromEntries(moved.map((field) => [field, other[field]])) };
        fc.pre(JSON.stringify(from) !== JSON.stringify(to));
        expect(open(key, to, seal(key, from, "secret"))).toBeNull();
      }),
    );
  });

  it("does not open with another key, or another version of it", () => {
    fc.assert(
      fc.property(dataKey, dataKey, place, (key, other, where) => {
        const sealed = seal(key, where, "secret");
        expect(open({ ...other, version: key.version }, where, sealed)).toBeNull();
        const relabelled = sealed.replace(`v1.${key.version}.`, `v1.${other.version}.`);
        fc.pre(key.version !== other.version);
        expect(open({ ...key, version: other.version }, where, relabelled)).toBeNull();
      }),
    );
  });

  it("does not open when any character of it was changed or cut off", () => {
    const key = { version: 1, key: randomBytes(32) };
    const where = { tenant_id: null, table: "t", column: "c", row: "r" };
    const sealed = seal(key, where, "secret");
    for (let at = 0; at < sealed.length; at += 1) {
      // The last character of base64url carries bits that no byte has.
      if (at === sealed.length - 1) continue;
      const other = sealed[at] === "A" ? "B" : "A";
      expect(open(key, where, `${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`)).toBeNull();
      expect(open(key, where, sealed.slice(0, at))).toBeNull();
    }
  });

  it("is never the same twice", () => {
    const key = { version: 1, key: randomBytes(32) };
    const where = { tenant_id: null, table: "t", column: "c", row: "r" };
    const sealed = Array.from({ length: 1000 }, () => seal(key, where, "secret"));
    expect(new Set(sealed).size).toBe(1000);
  });

  it.each([
    "",
    "v1",
    "v1.0.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA",
    "v2.1.AAAAAAAAAAAAAAAA.AAAA",
    "plain",
  ])("is not what %p is", (text) => {
    expect(versionOf(text)).toBeNull();
    const where = { tenant_id: null, table: "t", column: "c", row: "r" };
    expect(open({ version: 1, key: randomBytes(32) }, where, text)).toBeNull();
  });
});
