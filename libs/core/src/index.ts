export * from "./errors";
export * from "./platform";
export * from "./json";
export * from "./time";
export * from "./inheritance";
export * from "./api";
export * from "./features";
