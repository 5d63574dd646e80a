"use strict";
// A list to choose several from: what there is on one side, what is chosen on the other, each with a box to filter it.
adminDom.enhance('select.selectfilter, select.selectfilterstacked', (select) => {
    const { text, make } = adminDom;
    const name = select.dataset['fieldName'] ?? '';
    const side = (key, title, filterLabel, onEnter) => {
        const list = make('select', { multiple: true, id: `${select.id}_${key}`, size: 10 });
        const count = make('span', { className: 'quiet' });
        const heading = make('label', { htmlFor: list.id }, `${title} `, count);
        const filter = make('input', {
            type: 'search',
            id: `${select.id}_${key}_filter`,
            placeholder: text('Filter'),
            'aria-label': filterLabel,
            autocomplete: 'off',
        });
        const apply = () => {
            const wanted = filter.value.toLowerCase();
            const options = [...list.options];
            for (const option of options) {
                option.hidden = !option.text.toLowerCase().includes(wanted);
                if (option.hidden)
                    option.selected = false;
            }
            const shown = options.filter(({ hidden }) => !hidden).length;
            count.textContent = wanted === '' ? `(${options.length})` : `(${shown} / ${options.length})`;
        };
        filter.addEventListener('input', (event) => {
            // The form's values are the same.
            event.stopPropagation();
            apply();
        });
        list.addEventListener('input', (event) => event.stopPropagation());
        for (const control of [filter, list]) {
            control.addEventListener('keydown', (event) => {
                if (!(event instanceof KeyboardEvent) || event.key !== 'Enter')
                    return;
                event.preventDefault();
                const shown = [...list.options].filter(({ hidden }) => !hidden);
                if (control === filter && shown.length === 1 && shown[0])
                    shown[0].selected = true;
                onEnter();
            });
        }
        list.addEventListener('dblclick', onEnter);
        return { list, apply, part: make('div', { className: `selector-${key}` }, heading, filter, list) };
    };
    const from = side('from', text('Available %s', name), text('Filter available %s', name), () => choose());
    const to = side('to', text('Chosen %s', name), text('Filter chosen %s', name), () => remove());
    const fill = () => {
        for (const { list, apply } of [from, to]) {
            const chosen = [...select.options].filter(({ selected }) => selected === (list === to.list));
            list.replaceChildren(...chosen.map(({ text: label, value, title, disabled }) => Object.assign(new Option(label, value), { title: title || label, disabled })));
            apply();
        }
    };
    const move = (options, isChosen) => {
        const keys = new Set(options.filter(({ disabled }) => !disabled).map(({ value }) => value));
        for (const option of select.options)
            if (keys.has(option.value))
                option.selected = isChosen;
        adminDom.changed(select);
    };
    const shown = ({ options }) => [...options].filter(({ hidden }) => !hidden);
    const choose = () => move([...from.list.selectedOptions], true);
    const remove = () => move([...to.list.selectedOptions], false);
    const button = (sign, label, run) => {
        const made = adminDom.button(sign, 'button', run);
        made.title = label;
        made.setAttribute('aria-label', label);
        return made;
    };
    const chooser = make('div', { className: 'selector-chooser' }, button('›', text('Choose selected %s', name), choose), button('‹', text('Remove selected %s', name), remove), button('»', text('Choose all %s', name), () => move(shown(from.list), true)), button('«', text('Remove all %s', name), () => move(shown(to.list), false)));
    select.addEventListener('change', fill);
    const isStacked = select.classList.contains('selectfilterstacked');
    const box = make('div', { className: isStacked ? 'selector stacked' : 'selector' }, from.part, chooser, to.part);
    select.hidden = true;
    select.after(box);
    const label = adminDom.labelOf(select);
    if (label)
        label.htmlFor = from.list.id;
    fill();
});
