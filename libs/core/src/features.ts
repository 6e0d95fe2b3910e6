/** Every feature of core, one line each; what is made of all their interfaces belongs here too. */
export * from "./tenant";
export * from "./config";
export * from "./permissions";
export * from "./abac";
export * from "./access";
export * from "./audit";
export * from "./retention";
export * from "./crypto";
export * from "./isolation";
export * from "./operations";
export * from "./regions";
export * from "./gdpr";
export * from "./consent";
export * from "./usage";
export * from "./http";
