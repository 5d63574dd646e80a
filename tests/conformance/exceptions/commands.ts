/** Lines of commands.jsonl that cannot agree, by the reason. */
export const COMMAND_EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {};
