/** Placeholder until the logging module is complete: see `getLogger`. */
export type Logging = Readonly<Record<string, unknown>>;
