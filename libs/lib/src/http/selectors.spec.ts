import { requestOf } from "../../../../test/support/tenant-request";
import { HeaderResolver } from "./header.resolver";
import { PathResolver } from "./path.resolver";
import { SubdomainResolver } from "./subdomain.resolver";

const ID = "01890000-0000-7000-8000-00000000000a";

describe("HeaderResolver", () => {
  const select = (value: string | undefined, header = "x-tenant-id") =>
    new HeaderResolver({ header }).select(requestOf({ headers: { [header]: value } }));

  it.each([
    [ID, { id: ID }],
    [ID.toUpperCase(), { id: ID }],
    ["city_clinic", { slug: "city_clinic" }],
    // What two headers of the name become: no tenant's slug.
    [`${ID}, ${ID}`, { slug: `${ID}, ${ID}` }],
    ["", null],
    [undefined, null],
  ])("of %p selects %p", (value, key) => {
    expect(select(value)).toEqual(key);
  });

  it("reads another header where told so", () => {
    expect(select("a", "x-account")).toEqual({ slug: "a" });
    expect(new HeaderResolver({ header: "X-Account" }).select(requestOf({}))).toBeNull();
  });
});

describe("SubdomainResolver", () => {
  const resolver = new SubdomainResolver({ baseDomain: "Example.com" });

  it.each([
    ["acme.example.com", "acme"],
    ["ACME.Example.COM.", "acme"],
    ["city-clinic.example.com", "city_clinic"],
    ["a.b.example.com", "a.b"],
    ["www.example.com", null],
    ["example.com", null],
    [".example.com", null],
    ["acme.example.com.evil.org", null],
    ["acmeexample.com", null],
    ["", null],
  ])("of %s selects %p", (hostname, slug) => {
    expect(resolver.select(requestOf({ hostname }))).toEqual(slug === null ? null : { slug });
  });

  it("passes over the labels that it is told to", () => {
    const other = new SubdomainResolver({ baseDomain: "example.com", except: ["api"] });
    expect(other.select(requestOf({ hostname: "api.example.com" }))).toBeNull();
    expect(other.select(requestOf({ hostname: "www.example.com" }))).toEqual({ slug: "www" });
  });
});

describe("PathResolver", () => {
  it.each([
    ["/tenants/:tenant", "/tenants/acme/orders?x=/tenants/b", { slug: "acme" }],
    ["/tenants/:tenant", `/tenants/${ID}`, { id: ID }],
    ["/tenants/:tenant", "/tenants/%61cme", { slug: "acme" }],
    ["/tenants/:tenant", "/tenants/%E0%A4%A/x", { slug: "%E0%A4%A" }],
    ["/tenants/:tenant", "//tenants//acme", { slug: "acme" }],
    ["/tenants/:tenant", "/tenants", null],
    ["/tenants/:tenant", "/tenants/?tenant=acme", null],
    ["/tenants/:tenant", "/others/acme", null],
    ["/:version/t/:tenant", "/v1/t/acme#x", { slug: "acme" }],
    ["/tenants/:tenant", "/%74enants/acme", { slug: "acme" }],
    ["/tenants/:tenant", "/TENANTS/acme", { slug: "acme" }],
    ["/tenants/:tenant", "http://example.com/tenants/acme", { slug: "acme" }],
    ["/tenants/:tenant", "HTTP://u:p@[::1]:80/tenants/acme?x", { slug: "acme" }],
    ["/tenants/:tenant", "http://example.com", null],
    [":tenant", "/", null],
  ])("%s of %s selects %p", (pattern, url, key) => {
    expect(new PathResolver(pattern).select(requestOf({ url }))).toEqual(key);
  });

  it.each([
    ["/tenants/:id/orders", { id: "acme" }, { slug: "acme" }],
    ["/Tenants/:id", { id: ID }, { id: ID }],
    ["/tenants/me", {}, { slug: "me" }],
    ["/others/:tenant", { tenant: "acme" }, null],
    ["/tenants", {}, null],
    // What these routes match is read from the path itself.
    ["/tenants/*", { "*": "acme" }, { slug: "in_the_path" }],
    ["/tenants/:id(\\w+)", { id: "acme" }, { slug: "in_the_path" }],
    ["/tenants/:id", {}, { slug: "in_the_path" }],
  ])("of the route %s with %p selects %p", (path, params, key) => {
    const request = requestOf({ url: "/tenants/in_the_path", route: { path, params } });
    expect(new PathResolver("/tenants/:tenant").select(request)).toEqual(key);
  });

  it.each(["/tenants/:id", "/", "/:tenant/:tenant"])("is not made of %s", (pattern) => {
    expect(() => new PathResolver(pattern)).toThrow("pattern");
  });
});
