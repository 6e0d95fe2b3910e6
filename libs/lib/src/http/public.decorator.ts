import { SetMetadata } from "@nestjs/common";

/** The metadata that {@link Public} leaves. */
export const PUBLIC = "stratum:public";

/**
 * Lets a handler, or all of a controller, be called without a tenant. Where the request has a valid
 * credential or selection all the same, its tenant is in context.
 */
export const Public = () => SetMetadata(PUBLIC, true);
