/** Abbreviations of time zones that ICU does not know in any kind of English, by zone and seconds east of UTC. */
export const ABBREVIATIONS: ReadonlyMap<string, ReadonlyMap<number, string>> = new Map();
