"use strict";
// The boxes of a list: all of the page, ranges with Shift, how many there are, all of all pages.
adminDom.ready(() => {
    const form = document.querySelector('#changelist-form');
    const boxes = [...document.querySelectorAll('input.action-select')];
    const all = document.querySelector('#action-toggle');
    if (!form || !all || boxes.length === 0)
        return;
    const across = [...form.querySelectorAll('input.select-across')];
    const counters = [...form.querySelectorAll('.action-counter')];
    const pattern = counters[0]?.textContent ?? '';
    const show = (selector, isShown) => {
        for (const each of form.querySelectorAll(selector))
            each.classList.toggle('hidden', !isShown);
    };
    const isAcross = () => across.some(({ value }) => value === '1');
    const update = () => {
        const count = boxes.filter(({ checked }) => checked).length;
        all.checked = count === boxes.length;
        all.indeterminate = count > 0 && count < boxes.length;
        for (const box of boxes)
            box.closest('tr')?.classList.toggle('selected', box.checked);
        for (const counter of counters) {
            counter.textContent = pattern.replace(/\d+/, String(count));
            counter.classList.toggle('hidden', isAcross());
        }
        show('.all', isAcross());
        show('.actions .clear', isAcross());
        show('.question', all.checked && !isAcross());
    };
    const setAcross = (wanted) => {
        for (const input of across)
            input.value = wanted ? '1' : '0';
        update();
    };
    const check = (some, checked) => {
        for (const box of some)
            box.checked = checked;
        setAcross(false);
    };
    let last;
    for (const box of boxes) {
        box.addEventListener('click', ({ shiftKey }) => {
            const [from = 0, to = 0] = [boxes.indexOf(last ?? box), boxes.indexOf(box)].sort((a, b) => a - b);
            check(shiftKey ? boxes.slice(from, to + 1) : [box], box.checked);
            last = box;
        });
    }
    all.addEventListener('click', () => check(boxes, all.checked));
    const onLink = (selector, run) => {
        for (const link of form.querySelectorAll(selector)) {
            link.addEventListener('click', (event) => {
                event.preventDefault();
                run();
            });
        }
    };
    onLink('.question a', () => setAcross(true));
    onLink('.actions .clear a', () => check(boxes, false));
    // An action saves nothing of what was typed into the rows.
    form.addEventListener('submit', (event) => {
        const isAction = event.submitter instanceof HTMLElement && event.submitter.closest('.actions');
        if (!isAction || form.dataset['changed'] === undefined)
            return;
        const question = adminDom.text('You have unsaved changes on individual editable fields. If you run an action, your unsaved changes will be lost.');
        if (!confirm(question))
            event.preventDefault();
    }, { capture: true });
    addEventListener('pageshow', update);
    update();
});
