import { z } from "zod";
import { entityTag, isKnown, withExpectedVersion } from "./entity-tags";

const versioned = z.strictObject({ expected_version: z.number().optional() });
const NO_INPUT = { query: {}, body: {} };

describe("entity tags", () => {
  it("have the version of what has one, and tell contents apart", () => {
    expect(entityTag({ version: 3 }, "a")).toMatch(/^"3\.[\w-]{22}"$/);
    expect(entityTag([], "a")).toMatch(/^"[\w-]{22}"$/);
    expect(entityTag({ version: 3 }, "a")).not.toBe(entityTag({ version: 3 }, "b"));
  });

  it("are known where the client sends them", () => {
    const tag = '"3.abc"';
    for (const sent of [tag, `W/${tag}`, `"x", ${tag}`, "*"]) expect(isKnown(tag, sent)).toBe(true);
    for (const sent of [undefined, '"3.abd"', "3.abc"]) expect(isKnown(tag, sent)).toBe(false);
  });
});

describe("If-Match", () => {
  it("stands for expected_version, wherever the method takes it", () => {
    const tag = '"3.abc-_"';
    expect(withExpectedVersion(NO_INPUT, { body: versioned }, tag).body).toEqual({
      expected_version: 3,
    });
    expect(withExpectedVersion(NO_INPUT, { query: versioned }, tag).query).toEqual({
      expected_version: 3,
    });
    expect(withExpectedVersion(NO_INPUT, {}, undefined)).toBe(NO_INPUT);
    expect(withExpectedVersion(NO_INPUT, {}, "*")).toBe(NO_INPUT);
  });

  it.each([
    ["this route knows no versions", {}, '"3.abc"', {}],
    ["expected one ETag", { body: versioned }, '"abc"', {}],
    ["expected one ETag", { body: versioned }, '"3.abc", "4.abc"', {}],
    ["expected one ETag", { body: versioned }, 'W/"3.abc"', {}],
    ["another version", { body: versioned }, '"3.abc"', { expected_version: 4 }],
  ])("is refused: %s", (message, route, sent, body) => {
    expect(() => withExpectedVersion({ query: {}, body }, route, sent)).toThrow(message);
  });
});
