"use strict";
// Light or dark: by the system's preference, until somebody chooses. Runs before the page is shown.
(() => {
    const NEXT = { auto: 'light', light: 'dark', dark: 'auto' };
    const root = document.documentElement;
    const stored = () => {
        try {
            return localStorage.getItem('theme');
        }
        catch {
            return null;
        }
    };
    const choose = (theme) => {
        root.dataset['theme'] = theme;
        try {
            localStorage.setItem('theme', theme);
        }
        catch {
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
