/**
 * The path that the site is mounted at. It belongs to the URLs (`tsango/urls` has the functions), but settings that are
 * relative URLs stand below it, so it is kept down here.
 */

let prefix: string | undefined;

/** Sets the path that the site is mounted at; one a process. Default: FORCE_SCRIPT_NAME, else `/`. */
export function setScriptPrefix(path: string): void {
  prefix = withSlash(path);
}

/** Goes back to the default prefix. */
export function clearScriptPrefix(): void {
  prefix = undefined;
}

/** The path that the site is mounted at, with its final slash. */
export function scriptPrefix(forced: string | null | undefined): string {
  return prefix ?? (forced ? withSlash(forced) : '/');
}

/** FORCE_SCRIPT_NAME as a path begins with it: without final slashes; empty where there is none. */
export function scriptName(forced: string | null | undefined): string {
  let end = forced?.length ?? 0;
  while (end > 0 && forced?.[end - 1] === '/') end--;
  return forced?.slice(0, end) ?? '';
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
