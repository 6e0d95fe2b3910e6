import { slugSchema } from "@stratum-hq/core";
import fc from "fast-check";
import { namesOfSlug, namesOfSlugBase, slugBaseOf } from "./slug";

describe("slugBaseOf", () => {
  it.each([
    ["Ümläut & Sons", "umlaut_sons"],
    ["  City--Clinic  ", "city_clinic"],
    ["24 Hours", "t_24_hours"],
    ["???", "tenant"],
    ["東京", "dong_jing"],
  ])("%s becomes %s", (name, slug) => expect(slugBaseOf(name)).toBe(slug));

  it("makes a slug of any name, with room for a number", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 255 }), (name) => {
        const base = slugBaseOf(name);
        expect(slugSchema.safeParse(base).success).toBe(true);
        expect(slugSchema.safeParse(`${base}_1000000`).success).toBe(true);
      }),
    );
  });
});

describe("what is locked before a slug is taken", () => {
  it("is common to a base and to every number of it", () => {
    for (const base of ["acme", "site_12", "a_1_2"]) {
      for (const slug of [base, `${base}_2`, `${base}_1000000`]) {
        const shared = namesOfSlug(slug).filter((name) => namesOfSlugBase(base).includes(name));
        expect(shared).not.toEqual([]);
      }
    }
  });
});
