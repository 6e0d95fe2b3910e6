import type { Payloads } from "../../../../test/support/payloads";

export const PERMISSIONS_PAYLOADS: Payloads = {
  permissionKeySchema: { good: ["reports.export"], bad: ["", "a b", 1] },
  createPermissionSchema: {
    good: [{ key: "k" }, { key: "k", value: null, mode: "LOCKED", revocation_mode: "SOFT" }],
    bad: [
      {},
      { key: "k", mode: "OPEN" },
      { key: "k", revocation_mode: null },
      { key: "k", value: 1n },
    ],
  },
  updatePermissionSchema: {
    good: [{}, { value: false, force: true }],
    bad: [{ key: "k" }, { mode: "locked" }, { force: "yes" }],
  },
  deletePermissionSchema: { good: [{}, { force: false }], bad: [{ expected_version: 0 }] },
  banPermissionSchema: { good: [{}], bad: [{ force: 1 }, { expected_version: 1 }] },
};
