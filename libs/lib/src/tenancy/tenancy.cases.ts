import type { Tenant } from "@stratum-hq/core";
import fc from "fast-check";
import { featureCases, has, holds, UNKNOWN, type Tree } from "../../../../test/support/cases";
import {
  audit,
  flag,
  json,
  key,
  metadata,
  name,
  object,
  optional,
  page,
  rubbish,
  slug,
  text,
  version,
} from "../../../../test/support/hostile";

const itself = (_tree: Tree, [id]: readonly unknown[]) => has({ id });
const ofChild = (_t: unknown, { child }: Tree): [string] => [child.id];
const unknownTenant = { code: "TENANT_NOT_FOUND", arguments: (): [string] => [UNKNOWN] } as const;
const nameless = {
  code: "VALIDATION_ERROR",
  arguments: (): [{ name: string }] => [{ name: "" }],
} as const;
const CREATED = { states: ["after"], event: true } as const;
const CHANGED = { states: ["before after"], event: true } as const;
const aPage = (...tenants: Tenant[]) =>
  has({ data: holds(...tenants.map(({ id }) => has({ id }))) });

/** Arguments of the creation of a tenant. */
function creations(id: fc.Arbitrary<unknown>) {
  const fields = {
    name: name as fc.Arbitrary<unknown>,
    parent_id: fc.option(id, { freq: 8 }),
    slug: optional(fc.oneof({ weight: 4, arbitrary: slug }, text)),
    external_id: optional(text),
    metadata: optional(metadata),
    config: optional(fc.dictionary(key, json, { maxKeys: 3 })),
  };
  const one = fc.oneof(
    { weight: 10, arbitrary: fc.record(fields, { requiredKeys: ["name"] }) },
    rubbish,
  );
  const item = fc.oneof(one, object({ ...fields, parent_index: fc.integer() }));
  const batch = fc.array(item, { minLength: 1, maxLength: 4 });
  return { one, batch: fc.oneof({ weight: 9, arbitrary: batch }, rubbish) };
}

export const TENANCY_CASES = featureCases({
  methods: {
    createTenant: {
      roundTrips: 7,
      arguments: (_t, { root }) => [{ name: "n", parent_id: root.id }],
      result: ({ root }) => has({ name: "n", parent_id: root.id, status: "active", version: 1 }),
      refusals: [
        nameless,
        { code: "TENANT_NOT_FOUND", arguments: () => [{ name: "n", parent_id: UNKNOWN }] },
        {
          code: "TENANT_ALREADY_EXISTS",
          arguments: (_t, { root, child }) => [{ name: "n", parent_id: root.id, slug: child.slug }],
        },
      ],
      leaves: CREATED,
    },
    createOrganization: {
      roundTrips: 7,
      arguments: () => [{ name: "n" }],
      result: () => has({ name: "n", parent_id: null }),
      refusals: [nameless],
      leaves: CREATED,
    },
    batchCreateTenants: {
      roundTrips: 7,
      arguments: () => [[{ name: "n" }]],
      result: () => ({ created: [has({ name: "n", parent_id: null })], errors: [] }),
      refusals: [{ code: "VALIDATION_ERROR", arguments: () => [[]] }],
      leaves: CREATED,
    },
    getTenant: { roundTrips: 1, arguments: ofChild, result: itself, refusals: [unknownTenant] },
    getTenantBySlug: {
      roundTrips: 1,
      arguments: (_t, { child }) => [child.slug],
      result: (_tree, [slug]) => has({ slug }),
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => ["no_such_slug"] }],
    },
    getTenantByExternalId: {
      roundTrips: 1,
      arguments: async (t, { root, child }) => {
        await t.stratum.updateTenant(child.id, { external_id: "crm-1" });
        return [root.id, "crm-1"];
      },
      result: ({ child }) => has({ id: child.id, external_id: "crm-1" }),
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: (_t, { root }) => [root.id, "crm-2"] }],
    },
    getOrganization: {
      roundTrips: 1,
      arguments: (_t, { root }) => [root.id],
      result: itself,
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: ofChild }],
    },
    updateTenant: {
      roundTrips: 5,
      arguments: (_t, { root }) => [root.id, { name: "other" }],
      result: ({ root }) => has({ id: root.id, name: "other", version: root.version + 1 }),
      refusals: [
        { code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN, { name: "other" }] },
        {
          code: "VERSION_CONFLICT",
          arguments: (_t, { root }) => [root.id, { name: "other", expected_version: 9 }],
        },
      ],
      leaves: CHANGED,
    },
    runInTenant: {
      arguments: (_t, { child }) => [child.id, () => "done"],
      result: () => "done",
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN, () => "done"] }],
    },
    listTenants: {
      roundTrips: 1,
      arguments: (_t, { root }) => [{ parent_id: root.id }],
      result: ({ child }) => ({
        data: [has({ id: child.id })],
        next_cursor: null,
        has_more: false,
      }),
      refusals: [{ code: "VALIDATION_ERROR", arguments: () => [{ limit: 0 }] }],
    },
    listOrganizations: {
      roundTrips: 1,
      arguments: () => [{ limit: 1000 }],
      result: ({ root }) => aPage(root),
      refusals: [{ code: "VALIDATION_ERROR", arguments: () => [{ limit: 1001 }] }],
    },
    getAncestors: {
      roundTrips: 1,
      arguments: ofChild,
      result: ({ root }) => [has({ id: root.id })],
      refusals: [unknownTenant],
    },
    getRoot: {
      roundTrips: 1,
      arguments: ofChild,
      result: ({ root }) => has({ id: root.id }),
      refusals: [unknownTenant],
    },
    getChildren: {
      roundTrips: 2,
      arguments: (_t, { root }) => [root.id],
      result: ({ child }) => [has({ id: child.id })],
      refusals: [unknownTenant],
    },
    getDescendants: {
      roundTrips: 2,
      arguments: (_t, { root }) => [root.id],
      result: ({ child }) => [has({ id: child.id })],
      refusals: [unknownTenant],
    },
    listDescendants: {
      roundTrips: 2,
      arguments: (_t, { root }) => [root.id],
      result: ({ child }) => aPage(child),
      refusals: [unknownTenant],
    },
    moveTenant: {
      roundTrips: 7,
      arguments: (_t, { child }) => [child.id, null],
      result: ({ child }) => has({ id: child.id, parent_id: null }),
      refusals: [
        { code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN, null] },
        { code: "TENANT_CYCLE_DETECTED", arguments: (_t, { root, child }) => [root.id, child.id] },
      ],
      leaves: CHANGED,
    },
    reorderTenant: {
      roundTrips: 7,
      arguments: async (t, { root, child }) => {
        await t.stratum.createTenant({ name: "sibling", parent_id: root.id });
        return [child.id, 1];
      },
      result: itself,
      refusals: [
        { code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN, 1] },
        { code: "VALIDATION_ERROR", arguments: (_t, { child }) => [child.id, -1] },
      ],
      leaves: CHANGED,
    },
    suspendTenant: {
      roundTrips: 7,
      arguments: ofChild,
      result: ({ child }) => has({ id: child.id, status: "suspended" }),
      refusals: [
        unknownTenant,
        {
          code: "INVALID_TENANT_STATE",
          arguments: async (t, { child }) => {
            await t.stratum.suspendTenant(child.id);
            return [child.id];
          },
        },
      ],
      leaves: CHANGED,
      closes: true,
    },
    resumeTenant: {
      roundTrips: 7,
      arguments: async (t, { child }) => {
        await t.stratum.suspendTenant(child.id);
        return [child.id];
      },
      result: ({ child }) => has({ id: child.id, status: "active" }),
      refusals: [unknownTenant, { code: "INVALID_TENANT_STATE", arguments: ofChild }],
      leaves: CHANGED,
    },
    archiveTenant: {
      roundTrips: 7,
      arguments: ofChild,
      result: ({ child }) => has({ id: child.id, status: "archived" }),
      refusals: [
        unknownTenant,
        { code: "TENANT_HAS_CHILDREN", arguments: (_t, { root }) => [root.id] },
      ],
      leaves: CHANGED,
      closes: true,
    },
    deleteTenant: {
      roundTrips: 7,
      arguments: ofChild,
      result: ({ child }) => has({ id: child.id, status: "archived" }),
      refusals: [
        unknownTenant,
        { code: "TENANT_HAS_CHILDREN", arguments: (_t, { root }) => [root.id] },
      ],
      leaves: CHANGED,
      closes: true,
    },
  },
  hostile(_t, { id }) {
    const { one, batch } = creations(id);
    const status = object({ subtree: fc.boolean(), reason: text, expected_version: version });
    const versioned = object({ expected_version: version });
    const organization = fc.oneof({ weight: 8, arbitrary: fc.record({ name }) }, one);
    const patch = { name, slug: optional(slug), external_id: optional(text) };
    const scope = { scope: fc.constantFrom("tenant", "subtree"), partial: fc.boolean() };
    return {
      createTenant: fc.tuple(one, audit),
      createOrganization: fc.tuple(organization, audit),
      batchCreateTenants: fc.tuple(batch),
      getTenant: fc.tuple(id, flag),
      getTenantBySlug: fc.tuple(fc.oneof({ weight: 4, arbitrary: slug }, text, rubbish)),
      getTenantByExternalId: fc.tuple(id, text),
      getOrganization: fc.tuple(id),
      updateTenant: fc.tuple(
        id,
        object({ ...patch, metadata: optional(metadata), expected_version: version }),
      ),
      runInTenant: fc.tuple(
        id,
        fc.constant(() => 1),
        object(scope),
      ),
      listTenants: fc.tuple(
        object({ ...page, parent_id: fc.option(id), include_archived: fc.boolean() }),
      ),
      listOrganizations: fc.tuple(object(page)),
      getAncestors: fc.tuple(id),
      getRoot: fc.tuple(id),
      getChildren: fc.tuple(id, flag),
      getDescendants: fc.tuple(id, flag),
      listDescendants: fc.tuple(id, object(page)),
      moveTenant: fc.tuple(id, fc.option(id), versioned),
      reorderTenant: fc.tuple(id, fc.oneof({ weight: 4, arbitrary: fc.nat(5) }, rubbish)),
      suspendTenant: fc.tuple(id, status),
      resumeTenant: fc.tuple(id, status),
      archiveTenant: fc.tuple(id, status),
      deleteTenant: fc.tuple(id, status),
    };
  },
});
