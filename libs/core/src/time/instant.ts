import { z } from "zod";

const FIRST_INSTANT = Date.parse("0001-01-01T00:00:00Z");
const LAST_INSTANT = Date.parse("9999-12-31T23:59:59.999Z");

/** A time of the years 1 to 9999, which ISO 8601 writes in four digits and PostgreSQL reads. */
export const instantSchema = z
  .union([
    z.iso.datetime({ offset: true, error: "expected an ISO 8601 time with offset, or a Date" }),
    z.date(),
  ])
  .transform((time) => new Date(time))
  .refine((date) => date.getTime() >= FIRST_INSTANT && date.getTime() <= LAST_INSTANT, {
    error: "expected a time of the years 1 to 9999",
  })
  .transform((date) => date.toISOString());
