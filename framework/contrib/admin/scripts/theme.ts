// Light or dark: by the system's preference, until somebody chooses. Runs before the page is shown.
(() => {
  const NEXT: Readonly<Record<string, string>> = { auto: 'light', light: 'dark', dark: 'auto' };
  const root = document.documentElement;
  const stored = (): string | null => {
    try {
      return localStorage.getItem('theme');
    } catch {
      return null;
    }
  };
  const choose = (theme: string): void => {
    root.dataset['theme'] = theme;
    try {
      localStorage.setItem('theme', theme);
    } catch {
      // Storage is off: the choice holds for this page.
    }
  };
  const theme = stored();
  root.dataset['theme'] = theme !== null && Object.hasOwn(NEXT, theme) ? theme : 'auto';
  addEventListener('DOMContentLoaded', () => {
    for (const button of document.querySelectorAll('.theme-toggle')) {
      button.addEventListener('click', () => choose(NEXT[root.dataset['theme'] ?? ''] ?? 'auto'));
    }
  });
})();
