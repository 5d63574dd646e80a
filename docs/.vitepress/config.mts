/** The documentation as a site: `npm run docs` builds it into docs/.vitepress/dist. */
import { defineConfig } from 'vitepress';
import { GUIDE, titleOf, VERSIONS } from './pages.mjs';

const REPOSITORY = 'https://github.com/tsango/tsango';

const link = (page: string) => ({
  text: titleOf(page),
  link: page === 'README.md' ? '/' : `/${page.replace(/\.md$/, '')}`,
});
/** The letter t in the colours of the admin: a browser asks for no other icon then. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0f5c4d"/><path d="M4 3h8v2H9v8H7V5H4z" fill="#fff"/></svg>',
)}`;

export default defineConfig({
  title: 'tsango',
  description: 'Django, in TypeScript, that a running Django site cannot tell from itself.',
  lang: 'en',
  head: [['link', { rel: 'icon', href: ICON }]],
  srcDir: '..',
  // The pages are those that people read in the repository, where they are: README is the first of them.
  srcExclude: ['{bench,coverage,dist,examples,framework,migrations,sampleapp,scripts,tests}/**'],
  rewrites: { 'README.md': 'index.md' },
  cleanUrls: false,
  lastUpdated: false,
  // Addresses that examples name: sites on the reader's machine.
  ignoreDeadLinks: [/^http:\/\/(?:127\.0\.0\.1|localhost)/, /^\.?\/?.*(?:LICENSE|CODE_OF_CONDUCT)$/],
  markdown: {
    languageAlias: { django: 'jinja', console: 'shellsession' },
    // The pages are Markdown alone: `{{ }}` in them is Django's, and nothing for Vue.
    config(md) {
      const render = md.render.bind(md);
      md.render = (source, env) => `<div v-pre>${render(source, env)}</div>`;
    },
  },
  themeConfig: {
    outline: { level: [2, 3], label: 'On this page' },
    search: { provider: 'local' },
    nav: [
      { text: 'Tutorial', link: '/docs/tutorial/01' },
      { text: 'API', link: '/api/', target: '_self' },
      {
        text: 'Versions',
        items: [
          ...VERSIONS.map((version, index) => ({
            text: index === 0 ? `${version} (these pages)` : version,
            link: `/CHANGELOG#${version
              .toLowerCase()
              .replaceAll('.', '-')
              .replace(/^(?=\d)/, '_')}`,
          })),
          { text: 'Upgrades', link: '/docs/upgrades' },
        ],
      },
    ],
    sidebar: GUIDE.map(({ title, pages }) => ({ text: title, collapsed: false, items: pages.map(link) })),
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    editLink: { pattern: `${REPOSITORY}/edit/main/:path`, text: 'Edit this page' },
    footer: {
      message:
        'BSD 3-Clause, as Django. Django is a trademark of the Django Software Foundation; this project is not a part of it.',
    },
  },
});
