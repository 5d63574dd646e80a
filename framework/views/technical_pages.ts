/**
 * The HTML of the debug pages. Written without the template engine: these pages must show when it is what failed.
 */
import { inspect } from 'node:util';
import type { Frame, ReportedError } from './traceback';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
};

/** Text for HTML, in content and in attributes. */
export function esc(value: unknown): string {
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** A value as a developer reads it; bounded, and whatever its getters do, it never throws. */
export function show(value: unknown): string {
  try {
    return inspect(value, { depth: 3, maxArrayLength: 50, maxStringLength: 2000, breakLength: 100 });
  } catch (error) {
    return `<cannot be shown: ${error instanceof Error ? error.message : 'its inspection throws'}>`;
  }
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #57606a; --paper: #fff; --panel: #f6f8fa; --line: #d0d7de;
  --accent: #0c4b33; --head: #fdf3d8; --mark: #fff3bf; --bad: #a40e26; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #9aa4af; --paper: #0f1419; --panel: #171d24;
  --line: #313a44; --accent: #7fd1ae; --head: #2a2413; --mark: #4a3f12; --bad: #ff8a96; } }
* { box-sizing: border-box; } body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
header { background: var(--head); border-bottom: 1px solid var(--line); } header, main, footer { padding: 1.25rem clamp(1rem, 4vw, 3rem); }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.message { font-size: 1.1rem; margin: 0 0 1rem; white-space: pre-wrap; color: var(--bad); }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; }
tbody th { font-weight: 500; color: var(--dim); min-width: 11em; } .data td, .data th { border-top: 1px solid var(--line); }
code, pre, td.value { font: 13px/1.5 ui-monospace, monospace; } td.value { white-space: pre-wrap; }
ol.frames, ol.patterns { padding: 0; list-style: none; } ol.patterns { list-style: decimal; padding-left: 2rem; }
.frame { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; background: var(--panel); overflow: hidden; }
.frame > summary { padding: .5rem .75rem; cursor: pointer; } .frame .tag { color: var(--dim); float: right; }
.frame pre { margin: 0; padding: .5rem 0; overflow-x: auto; border-top: 1px solid var(--line); } pre span { display: block; padding: 0 .75rem; min-width: max-content; }
pre span.here { background: var(--mark); font-weight: 600; } pre i { color: var(--dim); font-style: normal; display: inline-block; min-width: 3.5em; user-select: none; }
pre.copy { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; overflow-x: auto; } footer { color: var(--dim); border-top: 1px solid var(--line); }
nav a { margin-right: 1rem; } a { color: var(--accent); } :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.empty { color: var(--dim); } .more > summary { cursor: pointer; } .more > summary h2 { display: inline-block; margin: 1rem 0 .5rem; }
.folded { color: var(--dim); margin: .5rem 0; } .folded > summary { cursor: pointer; padding: .15rem .75rem; }
pre span.here i { color: inherit; }
@media (max-width: 640px) { table, tbody, tr, th, td { display: block; } tbody th { padding-bottom: 0; min-width: 0; } td { padding-top: 0; }
  .frame .tag { float: none; display: block; } header, main, footer { padding: 1rem; } }`;

/** A whole page. Nothing of it may be indexed, framed or fetched from elsewhere. */
export function page(title: string, header: string, main: string, footer: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="NONE,NOARCHIVE">
<title>${esc(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>${header}</header>
<main>${main}</main>
<footer><p>${footer}</p></footer>
</body>
</html>
`;
}

/** The rows of a summary: what is a plain string is escaped. */
export function summaryTable(rows: readonly (readonly [string, unknown])[]): string {
  const body = rows.map(
    ([name, value]) => `<tr><th scope="row">${esc(name)}</th><td>${esc(value)}</td></tr>`,
  );
  return `<table><tbody>${body.join('')}</tbody></table>`;
}

/** A section of names and values, or a word that there are none. `folded`: behind its title. */
export function dataSection(
  id: string,
  title: string,
  entries: readonly (readonly [string, unknown])[],
  { folded = false }: { folded?: boolean } = {},
): string {
  const rows = entries.map(
    ([name, value]) =>
      `<tr><th scope="row">${esc(name)}</th><td class="value">${esc(typeof value === 'string' ? value : show(value))}</td></tr>`,
  );
  const body =
    rows.length > 0
      ? `<table class="data"><tbody>${rows.join('')}</tbody></table>`
      : `<p class="empty">No ${esc(title)} data</p>`;
  const heading = `<h2 id="${esc(id)}">${esc(title)}</h2>`;
  return folded
    ? foldedSection(id, title, body)
    : `<section aria-labelledby="${esc(id)}">${heading}${body}</section>`;
}

/** A section that opens when its title is chosen. */
export function foldedSection(id: string, title: string, body: string): string {
  return `<section aria-labelledby="${esc(id)}"><details class="more"><summary><h2 id="${esc(id)}">${esc(title)}</h2></summary>${body}</details></section>`;
}

/** Numbered source lines with one marked. */
export function sourceLines(lines: readonly (readonly [number, string])[], here: number): string {
  const spans = lines.map(
    ([number, text]) =>
      `<span${number === here ? ' class="here" aria-current="true"' : ''}><i>${number}</i> ${esc(text.replace(/\r?\n$/, ''))}</span>`,
  );
  return `<pre tabindex="0">${spans.join('')}</pre>`;
}

function frameHtml(frame: Frame, open: boolean): string {
  const place = `${esc(frame.filename)}, line ${frame.line}, in <code>${esc(frame.functionName)}</code>`;
  const source = frame.context.length > 0 ? sourceLines(frame.context, frame.line) : '';
  return `<li><details class="frame"${open ? ' open' : ''}><summary>${place} <span class="tag">${frame.origin}</span></summary>${source}</details></li>`;
}

/** Frames of the framework and of packages in a row: one line, until somebody wants to see them. */
function foldedFrames(frames: readonly Frame[]): string {
  const what = frames.length === 1 ? '1 frame' : `${frames.length} frames`;
  return `<li><details class="folded"><summary>${what} of tsango, packages and Node</summary><ol class="frames">${frames.map((frame) => frameHtml(frame, false)).join('')}</ol></details></li>`;
}

function framesHtml(frames: readonly Frame[]): string {
  const site = frames.some((frame) => frame.origin === 'site');
  // An error that no line of the site led to is all the framework's: then that is what there is to see.
  if (!site) return frames.map((frame, i) => frameHtml(frame, i === frames.length - 1)).join('');
  const lastSite = frames.findLastIndex((frame) => frame.origin === 'site');
  const parts: string[] = [];
  let others: Frame[] = [];
  const fold = (): void => {
    if (others.length > 0) parts.push(foldedFrames(others));
    others = [];
  };
  for (const [i, frame] of frames.entries()) {
    if (frame.origin !== 'site') others.push(frame);
    else {
      fold();
      parts.push(frameHtml(frame, i === lastSite));
    }
  }
  fold();
  return parts.join('');
}

/** The traceback of an error and of what caused it. The site's own last frame stands open. */
export function tracebackHtml(errors: readonly ReportedError[]): string {
  return errors
    .map((error, index) => {
      const cause =
        index < errors.length - 1
          ? `<p>The above exception (${esc(error.message)}) was the direct cause of the following exception:</p>`
          : '';
      return `<ol class="frames">${framesHtml(error.frames)}</ol>${cause}`;
    })
    .join('');
}
