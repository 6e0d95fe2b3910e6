/** Isolation. */
export * from "./limits";
export * from "./isolation-proof.errors";
export * from "./isolation.errors";
export * from "./tenant-database.errors";
export * from "./context-key.schemas";
export * from "./isolation.schemas";
