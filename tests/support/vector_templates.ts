/**
 * Templates that the vectors do not have: they record what a test made in memory, but not the files that Django's
 * own tests keep in folders, nor what the recorded template was called there. Here those folders are rebuilt as far as
 * the recorded output shows them.
 */

/** Templates as loaders have them, the first asked first, and what the recorded one may have been called. */
export interface World {
  layers: readonly Readonly<Record<string, string>>[];
  names: readonly string[];
}

const extending = (parent: string, block: string, text: string): string =>
  `{% extends "${parent}" %}{% block ${block} %}{{ block.super }} ${text}{% endblock %}\n`;

const chain: Record<string, string> = {
  'three.html': '{% block content %}three{% endblock %}\n',
  'two.html': extending('./three.html', 'content', 'two'),
  'one.html': extending('./two.html', 'content', 'one'),
};

const relative: Record<string, string> = {
  ...chain,
  // The file system finds it under this name, too.
  './two.html': extending('./three.html', 'content', 'two'),
  'dir1/two.html': extending('./../two.html', 'content', 'dir1 two'),
  'dir1/three.html': extending('../three.html', 'content', 'dir1 three'),
  'dir1/dir2/include_content.html': 'dir2 include\n',
};

/** Every folder of templates that recorded ones were found among. */
export const WORLDS: readonly World[] = [
  { layers: [{ 'index.html': 'index\n' }], names: ['__main__'] },
  { layers: [relative], names: ['main.html', 'dir1/main.html', 'dir1/dir2/main.html'] },
  {
    // A template that extends the one of its own name in the next folder.
    layers: [
      { 'recursive.html': extending('recursive.html', 'content', 'fs/recursive') },
      { 'recursive.html': extending('recursive.html', 'content', 'fs2/recursive') },
      { 'recursive.html': '{% block content %}fs3/recursive{% endblock %}\n' },
    ],
    names: ['main.html'],
  },
  {
    layers: [
      {
        'one.html': '',
        'two.html': extending('two.html', 'content', 'locmem-two'),
        'three.html': extending('three.html', 'content', 'locmem-three'),
      },
      {
        ...chain,
        'two.html': extending('three.html', 'content', 'two'),
        'one.html': extending('two.html', 'content', 'one'),
      },
    ],
    names: ['one.html'],
  },
  { layers: [{}, { 'base.html': '{% block content %}loader2{% endblock %}' }], names: ['base.html'] },
  {
    layers: [{ 'test_extends_block_error_parent.html': '{% block content %}{% endblock %}\n' }],
    names: ['__main__'],
  },
  {
    layers: [
      { 'included_base.html': '{% block content %}{% endblock %}{% block error_here %}{% endblock %}\n' },
    ],
    names: ['__main__'],
  },
];
