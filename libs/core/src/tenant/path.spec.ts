import fc from "fast-check";
import {
  ancestorsOf,
  ancestryPathOf,
  chainOf,
  childPath,
  depthOf,
  idOf,
  isBelow,
  isWithin,
  labelOf,
  rootOf,
  subtreeUpperBound,
} from "./path";

const chain = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 20 });
const pathOf = (ids: readonly string[]) =>
  ids.reduce<string | null>((path, id) => childPath(path, id), null) as string;

describe("tenant paths", () => {
  it("hold the ids from the root to the tenant", () => {
    fc.assert(
      fc.property(chain, (ids) => {
        const path = pathOf(ids);
        expect(chainOf(path)).toEqual(ids);
        expect(ancestorsOf(path)).toEqual(ids.slice(0, -1));
        expect(depthOf(path)).toBe(ids.length - 1);
        expect(rootOf(path)).toBe(ids[0]);
        expect(ancestryPathOf(path)).toBe(`/${ids.slice(0, -1).join("/")}`);
      }),
    );
  });

  it("turn an id into a label and back", () => {
    fc.assert(fc.property(fc.uuid(), (id) => expect(idOf(labelOf(id.toUpperCase()))).toBe(id)));
  });

  it("know what lies within and below", () => {
    fc.assert(
      fc.property(chain, fc.uuid(), (ids, stranger) => {
        const path = pathOf(ids);
        for (const id of ids) expect(isWithin(path, id)).toBe(true);
        expect(ids.filter((id) => isBelow(path, id))).toEqual(ids.slice(0, -1));
        expect(isWithin(path, stranger)).toBe(ids.includes(stranger));
      }),
    );
  });

  it("stand below the upper bound of every ancestor, label by label", () => {
    fc.assert(
      fc.property(chain, (ids) => {
        const bound = subtreeUpperBound(pathOf(ids.slice(0, 1)));
        expect(pathOf(ids).split(".").length === 1 || pathOf(ids) < bound).toBe(true);
      }),
    );
  });
});
