'use strict';
/**
 * `node scripts/django_names.js objects.inv`: writes docs/.vitepress/django.json, which says on which page of Django's
 * documentation each of its names is. The inventory is that of the documentation itself (Debian's package
 * python-django-doc has it, at usr/share/doc/python-django-doc/html/objects.inv). docs/.vitepress/django.mjs reads it.
 */
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');

const [, , file] = process.argv;
if (file === undefined) {
  process.stderr.write('Usage: node scripts/django_names.js objects.inv\n');
  process.exit(2);
}

/** The lines of an inventory of Sphinx, version 2: four lines of text, and what is left is compressed. */
function lines(inventory) {
  let start = 0;
  for (let n = 0; n < 4; n += 1) start = inventory.indexOf('\n', start) + 1;
  return zlib.inflateSync(inventory.subarray(start)).toString('utf8').split('\n');
}

/** `ref/urls.html#$` as the documentation's site has it: a folder, and the name in the place of `$`. */
function address(uri) {
  const [page = '', anchor = '$'] = uri.split('#');
  const folder = page.replace(/(?:(^|\/)index)?\.html$/, '$1');
  return [folder === '' || folder.endsWith('/') ? folder : `${folder}/`, anchor];
}

const pages = {};
for (const line of lines(fs.readFileSync(file))) {
  const [, name, , uri] = /^(\S+) py:(\w+) \S+ (\S+) /.exec(line) ?? [];
  // Of contrib.gis there is nothing here.
  if (name === undefined || name.startsWith('django.contrib.gis')) continue;
  const [page, anchor] = address(uri);
  pages[page] ??= [];
  pages[page].push(anchor === '$' ? name : `${name} ${anchor.replaceAll('$', name)}`);
}
const sorted = Object.fromEntries(
  Object.keys(pages)
    .sort()
    .map((page) => [page, pages[page].sort()]),
);
const target = path.join(__dirname, '..', 'docs', '.vitepress', 'django.json');
fs.writeFileSync(target, `${JSON.stringify(sorted, null, 2)}\n`);
