import { runAs } from "@stratum-hq/lib";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const UNKNOWN = "00000000-0000-7000-8000-000000000000";

describe("the tenant tree", () => {
  const t = useStratum();

  describe("createTenant", () => {
    it("derives slugs from names, numbered where they are taken", async () => {
      const parent = await t.stratum.createTenant({ name: "Slugs" });
      const names = ["Ünïcode & Co.", "Ünïcode & Co.", "Ünïcode & Co.", "42 Lines", "!!!", "東京"];
      const slugs: string[] = [];
      for (const name of names) {
        slugs.push((await t.stratum.createTenant({ name, parent_id: parent.id })).slug);
      }
      expect(slugs).toEqual([
        "unicode_co",
        "unicode_co_2",
        "unicode_co_3",
        "t_42_lines",
        "tenant",
        "dong_jing",
      ]);
    });

    it("finds the next number past a thousand siblings of the same name, and fills no gap wrongly", async () => {
      const items = Array.from({ length: 999 }, () => ({ name: "Same" }));
      const { created } = await t.stratum.batchCreateTenants(items);
      expect(new Set(created.map(({ slug }) => slug)).size).toBe(999);
      expect((await t.stratum.createTenant({ name: "Same" })).slug).toBe("same_1000");
      expect((await t.stratum.createTenant({ name: "Same" })).slug).toBe("same_1001");
    });

    it("cuts a long name so that its number still fits", async () => {
      const name = "x".repeat(255);
      const first = await t.stratum.createTenant({ name });
      const second = await t.stratum.createTenant({ name });
      expect(first.slug).toHaveLength(54);
      expect(second.slug).toBe(`${first.slug}_2`);
    });

    it("answers path, depth and order, and takes what the caller gives", async () => {
      const root = await t.stratum.createTenant({ name: "Root", metadata: { tier: 1 } });
      const child = await t.stratum.createTenant({
        name: "Child",
        parent_id: root.id.toUpperCase(),
        slug: "given_slug",
        external_id: "crm-1",
        config: { color: "red", empty: null },
      });
      expect(root).toMatchObject({ parent_id: null, ancestry_path: "/", depth: 0, version: 1 });
      expect(child).toMatchObject({
        ancestry_path: `/${root.id}`,
        depth: 1,
        slug: "given_slug",
        external_id: "crm-1",
        status: "active",
        sort_order: 0,
      });
      expect(await t.stratum.getTenant(child.id)).toEqual(child);
      expect(await t.stratum.resolveConfig(child.id)).toMatchObject({
        color: { value: "red", inherited: false },
        empty: { value: null },
      });
    });

    it("refuses taken names, unknown parents, shut parents and a 21st level", async () => {
      const { a } = await t.grow(["a"]);
      const root = a!;
      await t.stratum.createTenant({
        name: "x",
        slug: "taken",
        parent_id: root.id,
        external_id: "e",
      });
      const create = (input: object) => codeOf(t.stratum.createTenant({ name: "y", ...input }));
      expect(await create({ slug: "taken" })).toBe("TENANT_ALREADY_EXISTS");
      expect(await create({ parent_id: root.id, external_id: "e" })).toBe("TENANT_ALREADY_EXISTS");
      expect(await create({ external_id: "e" })).toBe("ok");
      expect(await create({ parent_id: UNKNOWN })).toBe("TENANT_NOT_FOUND");
      expect(await create({ parent_id: root.id, config: { "bad key": 1 } })).toBe(
        "VALIDATION_ERROR",
      );
      let parent = root;
      for (let depth = 1; depth <= 19; depth += 1) {
        parent = await t.stratum.createTenant({ name: `level ${depth}`, parent_id: parent.id });
      }
      expect(parent.depth).toBe(19);
      expect(await create({ parent_id: parent.id })).toBe("TENANT_DEPTH_EXCEEDED");
      await t.stratum.suspendTenant(parent.id);
      expect(await create({ parent_id: parent.id })).toBe("TENANT_SUSPENDED");
      await t.stratum.archiveTenant(parent.id);
      expect(await create({ parent_id: parent.id })).toBe("TENANT_ARCHIVED");
    });

    it("refuses configuration that a tenant above locks", async () => {
      const { locker } = await t.grow(["locker"]);
      await t.stratum.setConfig(locker!.id, "mfa", { value: true, locked: true });
      const input = { name: "z", parent_id: locker!.id, config: { mfa: false } };
      await expect(t.stratum.createTenant(input)).rejects.toMatchObject({
        code: "CONFIG_LOCKED",
        details: { key: "mfa", source_tenant_id: locker!.id },
      });
    });
  });

  describe("batchCreateTenants", () => {
    it("creates a tree in one call, parents being earlier items", async () => {
      const { created, errors } = await t.stratum.batchCreateTenants([
        { name: "Batch root" },
        { name: "Unit", parent_index: 0, config: { k: 1 } },
        { name: "Unit", parent_index: 1 },
      ]);
      expect(errors).toEqual([]);
      expect(created.map(({ slug }) => slug)).toEqual(["batch_root", "unit", "unit_2"]);
      expect(created[2]?.ancestry_path).toBe(`/${created[0]?.id}/${created[1]?.id}`);
    });

    it("creates nothing when one item is refused, and says which", async () => {
      const before = await t.rows("select count(*) from stratum.tenants");
      const result = await t.stratum.batchCreateTenants([
        { name: "Fine" },
        { name: "Orphan", parent_id: UNKNOWN },
        { name: "Twin", slug: "twin" },
        { name: "Twin", slug: "twin" },
      ]);
      expect(result.created).toEqual([]);
      expect(result.errors.map(({ index, code }) => [index, code])).toEqual([
        [1, "TENANT_NOT_FOUND"],
        [3, "TENANT_ALREADY_EXISTS"],
      ]);
      expect(await t.rows("select count(*) from stratum.tenants")).toEqual(before);
    });

    it("names malformed items, and refuses more than a thousand", async () => {
      const bad = [{ name: "" }, { name: "ok" }, { name: "ok", parent_index: 5 }];
      const { errors } = await t.stratum.batchCreateTenants(bad);
      expect(errors.map(({ index }) => index)).toEqual([0, 2]);
      const many = Array.from({ length: 1001 }, () => ({ name: "n" }));
      expect(await codeOf(t.stratum.batchCreateTenants(many))).toBe("VALIDATION_ERROR");
    });
  });

  describe("stratum.max_descendants", () => {
    const limit = (id: string, value: number) =>
      t.stratum.setConfig(id, "stratum.max_descendants", { value });

    it("limits how many tenants a tenant has below it, whoever adds or moves them there", async () => {
      const g = await t.grow(["lim", ["lim1", ["lim2"]], ["out", ["out1"]]]);
      await limit(g.lim1!.id, 2);
      const create = (parent_id: string) =>
        codeOf(t.stratum.createTenant({ name: "l", parent_id }));
      expect(await create(g.lim2!.id)).toBe("ok");
      await expect(
        t.stratum.createTenant({ name: "l", parent_id: g.lim2!.id }),
      ).rejects.toMatchObject({
        code: "TENANT_LIMIT_EXCEEDED",
        details: { tenant_id: g.lim1!.id, limit: 2 },
      });
      expect(await codeOf(t.stratum.moveTenant(g.out!.id, g.lim2!.id))).toBe(
        "TENANT_LIMIT_EXCEEDED",
      );
      expect(await create(g.lim!.id)).toBe("ok");
      expect(await codeOf(t.stratum.moveTenant(g.lim2!.id, g.lim1!.id))).toBe("ok");
      const batch = t.stratum.batchCreateTenants([{ name: "l", parent_id: g.lim1!.id }]);
      expect(await codeOf(batch)).toBe("TENANT_LIMIT_EXCEEDED");
    });

    it("is inherited: each tenant below has as many places", async () => {
      const g = await t.grow(["inh", ["inh1"], ["inh2"]]);
      await limit(g.inh!.id, 3);
      const create = (parent_id: string) =>
        codeOf(t.stratum.createTenant({ name: "i", parent_id }));
      expect(await create(g.inh1!.id)).toBe("ok");
      expect(await create(g.inh2!.id)).toBe("TENANT_LIMIT_EXCEEDED");
    });
  });

  describe("reads", () => {
    it("finds tenants by id, slug and external id", async () => {
      const { reads } = await t.grow(["reads"]);
      const child = await t.stratum.createTenant({
        name: "c",
        parent_id: reads!.id,
        external_id: "crm-7",
      });
      expect(await t.stratum.getTenantBySlug(child.slug)).toEqual(child);
      expect(await t.stratum.getTenantByExternalId(reads!.id, "crm-7")).toEqual(child);
      expect(await t.stratum.getOrganization(reads!.id)).toEqual(reads);
      expect(await codeOf(t.stratum.getOrganization(child.id))).toBe("TENANT_NOT_FOUND");
      expect(await codeOf(t.stratum.getTenantByExternalId(reads!.id, "none"))).toBe(
        "TENANT_NOT_FOUND",
      );
      expect(await codeOf(t.stratum.getTenant("no uuid"))).toBe("VALIDATION_ERROR");
    });

    it("walks up and down, root first and depth first", async () => {
      const g = await t.grow(["w", ["w1", ["w2", ["w3"]]], ["w4"]]);
      expect((await t.stratum.getAncestors(g.w3!.id)).map(({ name }) => name)).toEqual([
        "w",
        "w1",
        "w2",
      ]);
      expect((await t.stratum.getRoot(g.w3!.id)).name).toBe("w");
      expect((await t.stratum.getRoot(g.w!.id)).name).toBe("w");
      expect((await t.stratum.getChildren(g.w!.id)).map(({ name }) => name)).toEqual(["w1", "w4"]);
      expect((await t.stratum.getDescendants(g.w!.id)).map(({ name }) => name)).toEqual([
        "w1",
        "w2",
        "w3",
        "w4",
      ]);
    });

    it("pages through descendants and lists, each tenant once", async () => {
      const { pages } = await t.grow(["pages"]);
      const items = Array.from({ length: 25 }, (_, n) => ({ name: `p${n}`, parent_id: pages!.id }));
      await t.stratum.batchCreateTenants(items);
      for (const list of [
        (cursor: string | null) => t.stratum.listDescendants(pages!.id, { limit: 10, cursor }),
        (cursor: string | null) =>
          t.stratum.listTenants({ parent_id: pages!.id, limit: 10, cursor }),
      ]) {
        const seen: string[] = [];
        let page = await list(null);
        seen.push(...page.data.map(({ id }) => id));
        while (page.has_more) {
          page = await list(page.next_cursor);
          seen.push(...page.data.map(({ id }) => id));
        }
        expect(page.next_cursor).toBeNull();
        expect(seen).toHaveLength(25);
        expect(new Set(seen).size).toBe(25);
      }
      expect(await codeOf(t.stratum.listTenants({ cursor: "rubbish" }))).toBe("VALIDATION_ERROR");
    });

    it("leaves archived tenants out unless asked", async () => {
      const g = await t.grow(["arch", ["gone"], ["kept"]]);
      await t.stratum.archiveTenant(g.gone!.id);
      const names = (tenants: { name: string }[]) => tenants.map(({ name }) => name);
      expect(names(await t.stratum.getChildren(g.arch!.id))).toEqual(["kept"]);
      expect(names(await t.stratum.getChildren(g.arch!.id, true))).toEqual(["gone", "kept"]);
      expect(names(await t.stratum.getDescendants(g.arch!.id))).toEqual(["kept"]);
      expect(names((await t.stratum.listTenants({ parent_id: g.arch!.id })).data)).toEqual([
        "kept",
      ]);
      const archived = { parent_id: g.arch!.id, status: "archived" } as const;
      expect(names((await t.stratum.listTenants(archived)).data)).toEqual(["gone"]);
      expect(await codeOf(t.stratum.getTenant(g.gone!.id))).toBe("TENANT_ARCHIVED");
      expect((await t.stratum.getTenant(g.gone!.id, true)).deleted_at).not.toBeNull();
    });

    it("refuses an unpaginated result of more than 10,000, and names the paginated method", async () => {
      const { huge } = await t.grow(["huge"]);
      await t.rows(
        `insert into stratum.tenants (id, parent_id, path, name, slug)
         select id, $1::uuid, (replace($1::uuid::text, '-', '') || '.' || replace(id::text, '-', ''))::ltree,
                'n', 'huge_n' || n
         from (select gen_random_uuid() as id, n from generate_series(1, 10001) as n) as g`,
        [huge!.id],
      );
      await expect(t.stratum.getDescendants(huge!.id)).rejects.toMatchObject({
        code: "RESULT_TOO_LARGE",
        message: expect.stringContaining("listDescendants") as string,
      });
      expect(await codeOf(t.stratum.getChildren(huge!.id))).toBe("RESULT_TOO_LARGE");
    });
  });

  describe("updateTenant", () => {
    it("changes what is given, with a version", async () => {
      const g = await t.grow(["u", ["u1"]]);
      const updated = await t.stratum.updateTenant(g.u!.id, {
        slug: "renamed_u",
        metadata: { a: 1 },
      });
      expect(updated).toMatchObject({
        slug: "renamed_u",
        name: "u",
        metadata: { a: 1 },
        version: 2,
      });
      expect((await t.stratum.getTenant(g.u1!.id)).version).toBe(1);
      expect((await t.stratum.updateTenant(g.u!.id, { name: "u" })).version).toBe(2);
      const stale = t.stratum.updateTenant(g.u!.id, { name: "v", expected_version: 1 });
      await expect(stale).rejects.toMatchObject({
        code: "VERSION_CONFLICT",
        details: { version: 2, expected_version: 1 },
      });
      expect(await codeOf(t.stratum.updateTenant(g.u1!.id, { slug: "renamed_u" }))).toBe(
        "TENANT_ALREADY_EXISTS",
      );
      expect(await codeOf(t.stratum.updateTenant(UNKNOWN, { name: "v" }))).toBe("TENANT_NOT_FOUND");
    });
  });

  describe("moveTenant", () => {
    it("takes the subtree along, to another parent and to the root", async () => {
      const g = await t.grow(["m", ["m1", ["m2", ["m3"]]], ["m4"]]);
      const moved = await t.stratum.moveTenant(g.m1!.id, g.m4!.id);
      expect(moved.ancestry_path).toBe(`/${g.m!.id}/${g.m4!.id}`);
      expect((await t.stratum.getAncestors(g.m3!.id)).map(({ name }) => name)).toEqual([
        "m",
        "m4",
        "m1",
        "m2",
      ]);
      await t.stratum.moveTenant(g.m1!.id, null);
      expect(await t.stratum.getTenant(g.m3!.id)).toMatchObject({ depth: 2 });
      expect((await t.stratum.getRoot(g.m3!.id)).id).toBe(g.m1!.id);
    });

    it("refuses cycles, shut ends, a 21st level and an external id of the new tree", async () => {
      const g = await t.grow(["c", ["c1", ["c2", ["c4"]]], ["c3"]]);
      const move = (id: string, to: string | null) => codeOf(t.stratum.moveTenant(id, to));
      expect(await move(g.c1!.id, g.c1!.id)).toBe("TENANT_CYCLE_DETECTED");
      expect(await move(g.c1!.id, g.c2!.id)).toBe("TENANT_CYCLE_DETECTED");
      expect(await move(g.c1!.id, UNKNOWN)).toBe("TENANT_NOT_FOUND");
      await t.stratum.suspendTenant(g.c3!.id);
      expect(await move(g.c1!.id, g.c3!.id)).toBe("TENANT_SUSPENDED");
      expect(await move(g.c3!.id, g.c1!.id)).toBe("TENANT_SUSPENDED");
      let deep = (await t.grow(["d"])).d!;
      for (let n = 0; n < 18; n += 1) {
        deep = await t.stratum.createTenant({ name: "d", parent_id: deep.id });
      }
      await expect(t.stratum.moveTenant(g.c1!.id, deep.id)).rejects.toMatchObject({
        code: "TENANT_DEPTH_EXCEEDED",
        details: { depth: 21, max_depth: 19 },
      });
      const other = await t.stratum.createTenant({ name: "o", external_id: "same" });
      await t.stratum.updateTenant(g.c2!.id, { external_id: "same" });
      expect(await move(g.c1!.id, other.id)).toBe("TENANT_ALREADY_EXISTS");
    });

    it("changes nothing where the tenant already is", async () => {
      const g = await t.grow(["n", ["n1"]]);
      expect((await t.stratum.moveTenant(g.n1!.id, g.n!.id)).version).toBe(1);
    });
  });

  describe("reorderTenant", () => {
    it("puts a tenant at its position, archived siblings not counted", async () => {
      const g = await t.grow(["r", ["r0"], ["r1"], ["r2"], ["r3"]]);
      const order = async () => (await t.stratum.getChildren(g.r!.id)).map(({ name }) => name);
      await t.stratum.reorderTenant(g.r3!.id, 0);
      expect(await order()).toEqual(["r3", "r0", "r1", "r2"]);
      await t.stratum.archiveTenant(g.r0!.id);
      await t.stratum.reorderTenant(g.r3!.id, 1);
      expect(await order()).toEqual(["r1", "r3", "r2"]);
      await t.stratum.reorderTenant(g.r1!.id, 999);
      expect(await order()).toEqual(["r3", "r2", "r1"]);
    });

    it("orders roots too, and counts an unchanged order as no change", async () => {
      const { last } = await t.grow(["last"]);
      expect((await t.stratum.reorderTenant(last!.id, 0)).sort_order).toBe(0);
      const again = await t.stratum.reorderTenant(last!.id, 0);
      expect(again.version).toBe((await t.stratum.getTenant(last!.id)).version);
    });
  });

  describe("a caller bound to a tenant", () => {
    const as = <T>(tenant_id: string, work: () => T): T =>
      runAs({ actor_id: "key", actor_type: "api_key", tenant_id }, work);

    it("sees its own tenant and below, nothing else", async () => {
      const g = await t.grow(["b", ["b1", ["b2"]], ["b3"]]);
      await as(g.b1!.id, async () => {
        expect((await t.stratum.getTenant(g.b2!.id)).name).toBe("b2");
        expect(await codeOf(t.stratum.getTenant(g.b3!.id))).toBe("TENANT_NOT_FOUND");
        expect(await codeOf(t.stratum.getTenant(g.b!.id))).toBe("TENANT_NOT_FOUND");
        expect(await codeOf(t.stratum.resolveConfig(g.b3!.id))).toBe("TENANT_NOT_FOUND");
        expect((await t.stratum.listTenants()).data.map(({ name }) => name)).toEqual(["b1", "b2"]);
        expect((await t.stratum.getAncestors(g.b2!.id)).map(({ name }) => name)).toEqual(["b1"]);
        expect((await t.stratum.getRoot(g.b2!.id)).name).toBe("b1");
      });
    });

    it("makes no roots, and does not decide where its own tenant stands", async () => {
      const g = await t.grow(["q", ["q1", ["q2"]], ["q3"]]);
      await as(g.q1!.id, async () => {
        expect(await codeOf(t.stratum.createTenant({ name: "r" }))).toBe("FORBIDDEN");
        expect(await codeOf(t.stratum.moveTenant(g.q2!.id, null))).toBe("FORBIDDEN");
        expect(await codeOf(t.stratum.moveTenant(g.q2!.id, g.q3!.id))).toBe("TENANT_NOT_FOUND");
        expect(await codeOf(t.stratum.reorderTenant(g.q1!.id, 0))).toBe("FORBIDDEN");
        expect(await codeOf(t.stratum.createTenant({ name: "r", parent_id: g.q2!.id }))).toBe("ok");
      });
    });

    it("cannot be widened by the audit argument", async () => {
      const g = await t.grow(["v", ["v1"], ["v2"]]);
      const audit = { actor_id: "root", actor_type: "system" } as const;
      const rename = as(g.v1!.id, () => t.stratum.updateTenant(g.v2!.id, { name: "x" }, audit));
      expect(await codeOf(rename)).toBe("TENANT_NOT_FOUND");
    });
  });
});
