import type { Payloads } from "../../../../test/support/payloads";

export const REGIONS_PAYLOADS: Payloads = {
  createRegionSchema: {
    good: [
      { display_name: "EU", slug: "eu" },
      {
        ...{ display_name: "EU", slug: "eu", is_primary: true, status: "draining", metadata: {} },
        ...{ control_plane_url: "https://eu.example.com", database_url: "postgres://u:p@h:5432/d" },
      },
      { display_name: "EU", slug: "eu", control_plane_url: null, database_url: null },
    ],
    bad: [
      { slug: "eu" },
      { display_name: "EU" },
      { display_name: "EU", slug: "EU" },
      { display_name: "EU", slug: "eu", status: "full" },
      { display_name: "EU", slug: "eu", database_url: "https://h/d" },
      { display_name: "EU", slug: "eu", database_url: "[masked]" },
      { display_name: "EU", slug: "eu", control_plane_url: "javascript:alert(1)" },
      { display_name: "EU", slug: "eu", database_url: `postgres://h/${"d".repeat(2048)}` },
    ],
  },
  updateRegionSchema: {
    good: [{}, { database_url: null, control_plane_url: null, expected_version: 1 }],
    bad: [{ slug: "eu" }, { display_name: null }, { database_url: "mysql://h/d" }],
  },
};
