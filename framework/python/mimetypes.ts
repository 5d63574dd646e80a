/** Content types by file name. Python: `mimetypes`. */

const TYPES: Readonly<Record<string, string>> = {
  '7z': 'application/x-7z-compressed',
  aac: 'audio/aac',
  avi: 'video/x-msvideo',
  avif: 'image/avif',
  bin: 'application/octet-stream',
  bmp: 'image/bmp',
  css: 'text/css',
  csv: 'text/csv',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  eot: 'application/vnd.ms-fontobject',
  epub: 'application/epub+zip',
  flac: 'audio/flac',
  gif: 'image/gif',
  htm: 'text/html',
  html: 'text/html',
  ico: 'image/vnd.microsoft.icon',
  ics: 'text/calendar',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  m4a: 'audio/mp4',
  md: 'text/markdown',
  mjs: 'text/javascript',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  mpeg: 'video/mpeg',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odt: 'application/vnd.oasis.opendocument.text',
  oga: 'audio/ogg',
  ogg: 'audio/ogg',
  ogv: 'video/ogg',
  opus: 'audio/opus',
  otf: 'font/otf',
  pdf: 'application/pdf',
  png: 'image/png',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  py: 'text/x-python',
  rtf: 'application/rtf',
  sh: 'application/x-sh',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  ttf: 'font/ttf',
  txt: 'text/plain',
  wasm: 'application/wasm',
  wav: 'audio/x-wav',
  weba: 'audio/webm',
  webm: 'video/webm',
  webmanifest: 'application/manifest+json',
  webp: 'image/webp',
  woff: 'font/woff',
  woff2: 'font/woff2',
  xhtml: 'application/xhtml+xml',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xml: 'text/xml',
  zip: 'application/zip',
};
const types = new Map(Object.entries(TYPES));

const encodings = new Map([
  ['gz', 'gzip'],
  ['z', 'compress'],
  ['bz2', 'bzip2'],
  ['xz', 'xz'],
  ['br', 'br'],
]);
const compound = new Map<string, readonly [string, string]>([
  ['tgz', ['tar', 'gzip']],
  ['taz', ['tar', 'gzip']],
  ['tbz2', ['tar', 'bzip2']],
  ['txz', ['tar', 'xz']],
  ['svgz', ['svg', 'gzip']],
]);

/** The type of a file and the compression around it; `null` where the name does not tell. */
export function guessType(name: string): { type: string | null; encoding: string | null } {
  const parts = name
    .slice(name.lastIndexOf('/') + 1)
    .toLowerCase()
    .split('.');
  let extension = parts.length > 1 ? (parts.pop() as string) : '';
  let encoding: string | null = null;
  const pair = compound.get(extension);
  if (pair !== undefined) {
    [extension, encoding] = pair;
  } else if (encodings.has(extension)) {
    encoding = encodings.get(extension) as string;
    extension = parts.length > 1 ? (parts.pop() as string) : '';
  }
  return { type: types.get(extension) ?? null, encoding };
}
