"use strict";
// The list of models beside each page: it can be closed, and filtered.
adminDom.ready(() => {
    const KEY = 'django.admin.navSidebarIsOpen';
    const main = document.getElementById('main');
    const toggle = document.getElementById('toggle-nav-sidebar');
    if (main && toggle) {
        const show = (isOpen) => {
            main.classList.toggle('nav-closed', !isOpen);
            toggle.setAttribute('aria-expanded', String(isOpen));
        };
        try {
            show(localStorage.getItem(KEY) !== 'false');
        }
        catch {
            show(true);
        }
        toggle.addEventListener('click', () => {
            const isOpen = main.classList.contains('nav-closed');
            show(isOpen);
            try {
                localStorage.setItem(KEY, String(isOpen));
            }
            catch {
                // Storage is off: the choice holds for this page.
            }
        });
    }
    const filter = document.querySelector('#nav-filter');
    filter?.addEventListener('input', () => {
        const wanted = filter.value.trim().toLowerCase();
        let found = 0;
        for (const app of document.querySelectorAll('#nav-sidebar .module')) {
            let here = 0;
            for (const row of app.querySelectorAll('tbody tr')) {
                row.hidden = !(row.querySelector('th')?.textContent ?? '').toLowerCase().includes(wanted);
                if (!row.hidden)
                    here += 1;
            }
            app.hidden = here === 0;
            found += here;
        }
        filter.setAttribute('aria-invalid', String(found === 0));
    });
    filter?.addEventListener('keydown', (event) => {
        if (event.key !== 'Escape')
            return;
        filter.value = '';
        filter.dispatchEvent(new Event('input'));
    });
    document.querySelector('#nav-sidebar [aria-current]')?.scrollIntoView({ block: 'nearest' });
});
